"use strict";
// A page being read: asked for again until it was, then its words are picked by selecting them.
// Offsets are told to the desk in code points; the browser counts in UTF-16 units.
{
  const CONTEXT = 32;
  const AGAIN_MS = 1500;
  const MOST_ASKED = 120;
  const place = document.querySelector("[data-reading-place]");
  const form = document.querySelector(".evidence-form");
  const taken = document.querySelector("[data-taken]");
  let tag = "";
  let asked = 0;

  document.documentElement.classList.add("has-script");

  const field = (name) => form && form.elements.namedItem(name);
  const points = (text) => Array.from(text);

  const say = (words) => { if (taken) taken.textContent = words; };

  const offer = async (from, start, end) => {
    const offers = form && form.querySelector("[data-offers]");
    if (!offers || !from) return;
    const answer = await fetch(`${from}?start=${start}&end=${end}`, { credentials: "same-origin" });
    if (!answer.ok) return;
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    offers.querySelectorAll("[data-near]").forEach((old) => old.remove());
    for (const line of Array.from(parsed.body.children).reverse()) {
      line.dataset.near = "";
      offers.prepend(document.adoptNode(line));
    }
  };

  const mark = (range) => {
    if (window.Highlight && CSS.highlights) CSS.highlights.set("picked", new Highlight(range));
  };

  const pick = () => {
    const text = place && place.querySelector("[data-text]");
    const selection = document.getSelection();
    if (!text || !form || !selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const all = text.textContent;
    let start = before.toString().length;
    let end = start + range.toString().length;
    while (start < end && /\s/.test(all[start])) start += 1;
    while (end > start && /\s/.test(all[end - 1])) end -= 1;
    if (start === end || !field("quote")) return;
    const quote = all.slice(start, end);
    field("quote").value = quote;
    field("quote_prefix").value = points(all.slice(0, start)).slice(-CONTEXT).join("");
    field("quote_suffix").value = points(all.slice(end)).slice(0, CONTEXT).join("");
    mark(range.cloneRange());
    say(`Quote taken: ${points(quote).length} characters.`);
    const first = points(all.slice(0, start)).length;
    offer(place.querySelector("[data-near]").dataset.near, first, first + points(quote).length);
  };

  const swap = (html) => {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const come = parsed.querySelector("[data-reading]");
    if (!come) return "";
    place.replaceChildren(document.adoptNode(come));
    return come.dataset.reading;
  };

  const ask = async () => {
    const shown = place.querySelector("[data-reading]");
    if (!shown || shown.dataset.reading !== "waiting" || asked >= MOST_ASKED) return;
    asked += 1;
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(shown.dataset.from, { headers, credentials: "same-origin", cache: "no-store" });
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") || "";
        const state = swap(await answer.text());
        if (state === "read") say("The page has been read: select the words to quote.");
      }
    } catch { /* the network may be back at the next time */ }
    window.setTimeout(ask, AGAIN_MS);
  };

  if (place) {
    document.addEventListener("pointerup", () => window.setTimeout(pick, 0));
    place.addEventListener("keyup", (event) => { if (event.shiftKey || event.key === "Shift") pick(); });
    window.setTimeout(ask, AGAIN_MS);
  }
  if (form && field("quote")) {
    field("quote").addEventListener("input", () => {
      field("quote_prefix").value = "";
      field("quote_suffix").value = "";
      say("");
    });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    const target = button && field(button.dataset.fill);
    if (!target) return;
    target.value = button.dataset.value;
    target.focus();
  });
}
