"use strict";
// A button that copies a text of the page. Where the browser has no clipboard for this address the
// text is selected, so that Ctrl+C takes it.
{
  const said = document.getElementById("copied");

  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    element.focus();
  };

  const copy = async (element) => {
    try {
      await navigator.clipboard.writeText(element.textContent);
      said.textContent = "Copied.";
    } catch {
      select(element);
      said.textContent = "Selected: press Ctrl+C.";
    }
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy)));
  }
}
