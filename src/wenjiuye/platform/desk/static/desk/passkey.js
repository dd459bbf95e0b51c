// Passkeys: a form with data-passkey asks the browser for a credential and sends it. Without this the form stays hidden.
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("[data-no-passkey]").forEach((text) => (text.hidden = true));

  const given = () => JSON.parse(document.getElementById("passkey-options").textContent);

  const asked = async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };

  const created = (form) => {
    const options = given().creation_options;
    const alone = form.elements.passwordless && form.elements.passwordless.checked;
    const wanted = options.publicKey.authenticatorSelection;
    wanted.residentKey = alone ? "required" : "discouraged";
    wanted.requireResidentKey = alone;
    if (alone) wanted.userVerification = "required";
    return window.webauthnJSON.create(options);
  };

  const credential = {
    add: created,
    authenticate: () => window.webauthnJSON.get(given().request_options),
    login: async (form) => window.webauthnJSON.get((await asked(form)).request_options),
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    const error = form.querySelector("[data-passkey-error]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      error.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await credential[form.dataset.passkey](form));
        form.submit();
      } catch {
        error.hidden = false;
      }
    });
  });
})();
