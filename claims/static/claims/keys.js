"use strict";
// The desk by keyboard. Elements say which key presses them: `data-key` on the page, `data-row-key`
// within the line one is at (`data-row`), `data-step` opens a step and leads to what it asks. Single
// keys can be switched off (WCAG 2.1.4) and never work while one types. Ctrl+Enter presses
// `data-save` everywhere, Ctrl+Shift+Enter `data-save-next`: of the form one is in.
{
  const SWITCH = "stet-single-keys";
  const TYPED = "textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])";
  const dialog = document.getElementById("keys");
  const box = document.getElementById("keys-on");
  const rows = [...document.querySelectorAll("[data-row]")];
  const steps = [...document.querySelectorAll("details[data-step]")];
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
    (link || rows[at]).focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };

  const press = (element) => {
    if (element.matches("input[type=radio], input[type=checkbox]")) element.focus();
    if (element.matches(TYPED)) element.focus();
    else element.click();
  };

  const inRow = (key) => {
    const number = Math.max(0, current());
    const found = rows[number] && rows[number].querySelector(`[data-row-key="${CSS.escape(key)}"]`);
    if (found) rows.forEach((row, other) => row.classList.toggle("is-current", other === number));
    return found;
  };

  const write = (field) => {
    field.focus();
    if (field.setSelectionRange) field.setSelectionRange(field.value.length, field.value.length);
  };

  // What a step still asks: its reason, or first the ground where none is chosen.
  const enter = (step) => {
    const numbered = step.querySelectorAll("[data-number]");
    const isOpenQuestion = numbered.length && !step.querySelector("[data-number]:checked");
    const typed = step.querySelector("textarea");
    if (isOpenQuestion) numbered[0].focus();
    else if (typed) write(typed);
    else (step.querySelector("input:not([type=hidden]), button") || step).focus();
  };

  const open = (step) => {
    if (!step.matches("details")) { step.focus(); step.scrollIntoView({ block: "nearest" }); return; }
    steps.forEach((other) => { other.open = other === step; });
    step.scrollIntoView({ block: "nearest" });
    enter(step);
  };

  const openStep = () => steps.find((step) => step.contains(document.activeElement)) || steps.find((step) => step.open);

  // Within the open step: a number chooses, `r` goes to the reason.
  const inStep = (key) => {
    const step = openStep();
    if (!step) return false;
    const chosen = step.querySelector(`[data-number="${CSS.escape(key)}"]`);
    if (chosen) { chosen.click(); enter(step); return true; }
    const typed = key === "r" && step.querySelector("textarea");
    if (typed) write(typed);
    return Boolean(typed);
  };

  const save = (event) => {
    const wanted = event.shiftKey ? "[data-save-next]" : "[data-save]";
    const form = event.target.closest("form");
    const seen = [...document.querySelectorAll(wanted)].filter((button) => !button.closest("details:not([open])"));
    const button = (form && form.querySelector(wanted)) || seen[0];
    if (button) { event.preventDefault(); button.click(); }
  };

  const onKey = (event) => {
    const isTyping = event.target.matches(TYPED);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { save(event); return; }
    if (event.key === "Escape" && isTyping) { event.target.blur(); return; }
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!isOn() || (dialog && dialog.open)) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      const here = current();
      go(event.key === "j" ? here + 1 : here - 1);
      return;
    }
    if (inStep(event.key)) { event.preventDefault(); return; }
    const key = CSS.escape(event.key);
    const step = document.querySelector(`[data-step="${key}"]`);
    if (step) { event.preventDefault(); open(step); return; }
    const found = inRow(event.key) || document.querySelector(`[data-key="${key}"]`);
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
