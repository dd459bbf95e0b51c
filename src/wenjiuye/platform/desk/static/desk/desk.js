// The desk works without this file: it adds keys, and words that change while something is being sent.
(() => {
  "use strict";
  const typing = (target) =>
    target.closest && target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const current = () => document.querySelector("tr[data-row].is-current");

  const go = (step) => {
    const link = document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]");
    const all = rows();
    if (!all.length) {
      if (link) link.click();
      return;
    }
    const at = all.indexOf(current());
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    if (current()) current().classList.remove("is-current");
    next.classList.add("is-current");
    const first = next.querySelector("a");
    if (first) first.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  // Whoever goes on by Tab is where the focus is.
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest && event.target.closest("tr[data-row]");
    if (!row || row === current()) return;
    if (current()) current().classList.remove("is-current");
    row.classList.add("is-current");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const dialog = document.getElementById("shortcuts");
    if (event.key === "?" && dialog) {
      event.preventDefault();
      if (dialog.open) dialog.close();
      else dialog.showModal();
    } else if (dialog && dialog.open) {
      return;
    } else if (event.key === "j" || event.key === "J") go(1);
    else if (event.key === "k" || event.key === "K") go(-1);
    else if (event.key === "x" || event.key === "X") {
      const box = current() && current().querySelector("input[type=checkbox]");
      if (box) box.click();
    } else if (event.key === "/") {
      const field = document.querySelector("input[type=search]");
      const link = document.querySelector("a[accesskey='/']");
      event.preventDefault();
      if (field) field.focus();
      else if (link) link.click();
    }
  });

  // A form that is on its way cannot be sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.dataset.sent) {
      if (form.dataset.sent) event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) {
      button.setAttribute("aria-busy", "true");
      if (button.dataset.busy) {
        button.dataset.idle = button.textContent;
        button.textContent = button.dataset.busy;
      }
    }
  });
  window.addEventListener("pageshow", () =>
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => {
        button.removeAttribute("aria-busy");
        if (button.dataset.idle) button.textContent = button.dataset.idle;
      });
    }),
  );
})();
