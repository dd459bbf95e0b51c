// What is ticked in the list: how many, what they come to, whether anything stops one of them.
(() => {
  "use strict";
  const form = document.querySelector("form[data-bulk]");
  if (!form || !form.querySelector("[data-selected]")) return;
  const part = (name) => form.querySelector(`[data-${name}]`);
  const boxes = [...form.querySelectorAll("input[name=number]")];
  const all = part("all");
  const words = part("words").content;
  const word = (name, value) => words.querySelector(`[data-${name}]`).textContent.replace(/\{(n|sum)\}/, value);
  const money = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).map((box) => box.closest("tr"));
    boxes.forEach((box) => box.closest("tr").setAttribute("aria-selected", String(box.checked)));
    all.checked = ticked.length === boxes.length;
    all.indeterminate = ticked.length > 0 && !all.checked;
    part("selected").hidden = part("none").hidden = !ticked.length;
    part("unselected").hidden = ticked.length > 0;
    part("count").textContent = ticked.length === 1 ? word("one", "") : word("many", ticked.length);
    part("sum").textContent = word("money", money.format(ticked.reduce((sum, row) => sum + Number(row.dataset.fen), 0) / 100));
    part("clear").hidden = ticked.some((row) => "open" in row.dataset);
  };

  all.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
  });
  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show));
  window.addEventListener("pageshow", show);
  show();
})();
