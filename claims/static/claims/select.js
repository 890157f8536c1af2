"use strict";
// Words are selected in a text and read into the form beside it. The server reads them; without
// this file they are copied into a field. Offsets go out as code points, as the record counts them.
{
  const text = document.querySelector("textarea[data-select]");
  const form = text && text.form;
  const told = document.getElementById("told");
  let isChanged = false;
  let latest = 0;

  const codePoints = (words) => Array.from(words).length;

  const fetchPage = async (step) => {
    const data = new FormData(form);
    data.set("step", step);
    data.delete("next");
    const asked = ++latest;
    const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return asked === latest ? page : null;
  };

  const replace = (page, id) => {
    const now = document.getElementById(id);
    const then = page && page.getElementById(id);
    if (now && then) now.replaceWith(document.adoptNode(then));
    return Boolean(now && then);
  };

  const say = (words) => { if (told) told.textContent = words; };

  const take = async (isByKey) => {
    const { selectionStart: start, selectionEnd: end, value } = text;
    if (end <= start) return;
    form.elements.words.value = value.slice(start, end);
    form.elements.start.value = codePoints(value.slice(0, start));
    say("Reading…");
    try {
      const page = await fetchPage("read");
      if (!page) return;
      if (!replace(page, "claim-side")) { say("That did not work: press “Read these words”."); return; }
      const wrong = page.querySelector(".text-side .errorlist");
      say(wrong ? wrong.textContent : "Read. Look it over, then put it on record.");
      isChanged = false;
      if (isByKey) form.elements.statement.focus();
    } catch {
      say("The server cannot be reached just now; nothing is lost.");
    }
  };

  const check = async () => {
    try { replace(await fetchPage("check"), "similar"); } catch { /* the save checks again */ }
  };

  if (form) {
    // A field that cannot be typed in shows no caret: it is kept as it is in another way.
    if (text.readOnly) {
      text.readOnly = false;
      text.setAttribute("aria-readonly", "true");
      text.addEventListener("beforeinput", (event) => event.preventDefault());
      text.addEventListener("drop", (event) => event.preventDefault());
      if (document.activeElement === text) text.setSelectionRange(0, 0);
    }
    text.addEventListener("keydown", (event) => {
      const isPlain = event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (!isPlain || event.isComposing || text.selectionEnd <= text.selectionStart) return;
      event.preventDefault();
      event.stopPropagation();
      take(true);
    });
    text.addEventListener("mouseup", () => setTimeout(() => { if (!isChanged) take(false); }));
    form.addEventListener("input", (event) => { if (event.target.closest("#claim-side")) isChanged = true; });
    form.addEventListener("change", (event) => { if (event.target.name === "statement") check(); });
  }
}
