"use strict";
// Places each claim's note level with its badge; where the notes are much longer than the text
// they scroll beside it instead. Lights claim and note together on hover or focus. Everything is
// readable without it: the notes then simply follow the text.
{
  const GAP = 10;
  const MUCH_LONGER = 1.25;
  const list = document.querySelector(".notes");
  const text = document.querySelector(".article-text");
  const wide = window.matchMedia("(min-width: 1001px)");
  const notes = list ? Array.from(list.querySelectorAll(".note")) : [];

  const tops = () => {
    const zero = list.getBoundingClientRect().top;
    let floor = 0;
    const found = notes.map((note) => {
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
    const { found, floor } = tops();
    if (floor > text.offsetHeight * MUCH_LONGER) {
      list.classList.add("is-scrolling");
      return;
    }
    list.classList.add("is-aligned");
    list.style.minHeight = `${floor}px`;
    notes.forEach((note, at) => { note.style.top = `${found[at]}px`; });
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

  if (notes.length) {
    document.addEventListener("mouseover", (event) => lightAt(event.target));
    document.addEventListener("focusin", (event) => lightAt(event.target));
    window.addEventListener("hashchange", lightHash);
    new ResizeObserver(align).observe(text);
    align();
    lightHash();
  }
}
