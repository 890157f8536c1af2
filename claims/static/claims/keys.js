"use strict";
// The desk by keyboard. Elements say which key presses them: `data-key` on the page, `data-row-key`
// within the line one is at (`data-row`). Single keys can be switched off (WCAG 2.1.4) and never
// work while one types; `data-save` is pressed by Ctrl+Enter everywhere.
{
  const SWITCH = "stet-single-keys";
  const TYPED = "textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])";
  const dialog = document.getElementById("keys");
  const box = document.getElementById("keys-on");
  const rows = [...document.querySelectorAll("[data-row]")];
  let at = -1;

  const isOn = () => {
    try { return localStorage.getItem(SWITCH) !== "off"; } catch { return true; }
  };

  const current = () => {
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    return focused >= 0 ? focused : at;
  };

  const go = (to) => {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows.forEach((row, number) => row.classList.toggle("is-current", number === at));
    const link = rows[at].querySelector("[data-open], .claim-row-statement a");
    if (link) link.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };

  const press = (element) => {
    if (element.matches("input[type=radio]")) element.focus();
    if (element.matches(TYPED)) element.focus();
    else element.click();
  };

  const inRow = (key) => {
    const number = Math.max(0, current());
    const found = rows[number] && rows[number].querySelector(`[data-row-key="${CSS.escape(key)}"]`);
    if (found) rows.forEach((row, other) => row.classList.toggle("is-current", other === number));
    return found;
  };

  const onKey = (event) => {
    const isTyping = event.target.matches(TYPED);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const save = document.querySelector("[data-save]");
      if (save) { event.preventDefault(); save.click(); }
      return;
    }
    if (event.key === "Escape" && isTyping) { event.target.blur(); return; }
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!isOn() || (dialog && dialog.open)) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      const here = current();
      go(event.key === "j" ? here + 1 : here - 1);
      return;
    }
    const found = inRow(event.key) || document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (found) { event.preventDefault(); press(found); }
  };

  document.addEventListener("keydown", onKey);
  document.querySelectorAll("[data-dialog]").forEach((button) => {
    button.addEventListener("click", () => document.getElementById(button.dataset.dialog).showModal());
  });
  if (box) {
    box.checked = isOn();
    box.addEventListener("change", () => {
      try { localStorage.setItem(SWITCH, box.checked ? "on" : "off"); } catch { /* it holds for this page only */ }
    });
  }
}
