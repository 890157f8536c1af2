"use strict";
// Choosing rows: one box for all of the page, and how many are chosen. Without this file each row's
// own box works all the same.
{
  const boxes = [...document.querySelectorAll('input[name="row"][form="bulk"]')];
  const bar = document.querySelector("[data-bulk]");
  if (bar && boxes.length) {
    const label = document.createElement("label");
    const all = document.createElement("input");
    const said = document.createElement("span");
    label.className = "bulk-all";
    all.type = "checkbox";
    said.setAttribute("role", "status");
    label.append(all, " all on this page");
    bar.prepend(label);
    bar.querySelector("button").after(said);
    const tell = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      said.textContent = chosen ? `${chosen} chosen` : "";
      all.checked = chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    };
    all.addEventListener("change", () => {
      boxes.forEach((box) => { box.checked = all.checked; });
      tell();
    });
    boxes.forEach((box) => box.addEventListener("change", tell));
    addEventListener("pageshow", tell);
    tell();
  }
}
