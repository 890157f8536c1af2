"use strict";
// Places each claim's note level with its badge; where the notes are much longer than the text
// they scroll beside it instead. Lights claim and note together on hover or focus, opens the page at
// the claim its address names, and narrows it to one way of writing. Everything is readable without
// it: the notes then simply follow the text.
{
  const GAP = 10;
  const MUCH_LONGER = 1.25;
  const list = document.querySelector(".notes");
  const text = document.querySelector(".article-text");
  const wide = window.matchMedia("(min-width: 1001px)");
  const buttons = document.querySelectorAll("[data-only]");
  const notes = list ? Array.from(list.querySelectorAll(".note")) : [];

  const tops = (shown) => {
    const zero = list.getBoundingClientRect().top;
    let floor = 0;
    const found = shown.map((note) => {
      const badge = document.getElementById(`in-${note.id}`);
      const top = Math.max(floor, badge.getBoundingClientRect().top - zero - 18);
      floor = top + note.offsetHeight + GAP;
      return top;
    });
    return { found, floor };
  };

  const align = () => {
    list.classList.remove("is-aligned", "is-scrolling");
    list.style.minHeight = "";
    for (const note of notes) note.style.top = "";
    if (!wide.matches) return;
    const shown = notes.filter((note) => !note.hidden);
    const { found, floor } = tops(shown);
    if (floor > text.offsetHeight * MUCH_LONGER) {
      list.classList.add("is-scrolling");
      return;
    }
    list.classList.add("is-aligned");
    list.style.minHeight = `${floor}px`;
    shown.forEach((note, at) => { note.style.top = `${found[at]}px`; });
  };

  const light = (number, isFromText) => {
    for (const note of notes) {
      const isLit = note.dataset.c === number;
      note.classList.toggle("is-lit", isLit);
      if (isLit && isFromText && list.classList.contains("is-scrolling")) {
        list.scrollTop = note.offsetTop - list.clientHeight / 3;
      }
    }
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("claim");
    const ranges = Array.from(document.querySelectorAll("mark[data-c]"))
      .filter((mark) => number && mark.dataset.c.split(" ").includes(number))
      .map((mark) => { const range = new Range(); range.selectNodeContents(mark); return range; });
    if (ranges.length) CSS.highlights.set("claim", new Highlight(...ranges));
  };

  const lightAt = (target) => {
    const place = target && target.closest(".note, .ref, mark[data-c]");
    const number = place ? place.dataset.c.split(" ")[0] : "";
    light(number, Boolean(place) && text.contains(place));
  };
  const lightHash = () => lightAt(document.getElementById(location.hash.slice(1)));

  // An address that names a claim (#ST-...) opens at its words, with its note lit beside them.
  const openAtClaim = () => {
    const place = document.getElementById(`in-${location.hash.slice(1)}`);
    if (place) place.scrollIntoView({ block: "center" });
  };

  const narrow = (way) => {
    const wanted = new Set();
    for (const note of notes) {
      note.hidden = Boolean(way) && note.dataset.way !== way;
      if (!note.hidden) wanted.add(note.dataset.c);
    }
    text.classList.toggle("is-narrowed", Boolean(way));
    for (const place of text.querySelectorAll("[data-c]")) {
      place.classList.toggle("is-wanted", place.dataset.c.split(" ").some((one) => wanted.has(one)));
    }
    for (const button of buttons) {
      const isPressed = button.dataset.only === way;
      button.setAttribute("aria-pressed", String(isPressed));
      button.textContent = isPressed ? "Show all claims" : "Show only these";
    }
    align();
  };

  if (notes.length) {
    for (const button of buttons) {
      button.hidden = false;
      button.addEventListener("click", () => {
        narrow(button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.only);
      });
    }
    list.addEventListener("toggle", align, true);
    document.addEventListener("mouseover", (event) => lightAt(event.target));
    document.addEventListener("focusin", (event) => lightAt(event.target));
    window.addEventListener("hashchange", lightHash);
    new ResizeObserver(align).observe(text);
    align();
    lightHash();
    // not before the browser itself went where the address points
    if (document.readyState === "complete") openAtClaim();
    else window.addEventListener("load", openAtClaim);
  }
}
