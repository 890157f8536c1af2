"use strict";
// Asks for a newer board while the tab is in view, so often that a change is there within five
// seconds; a 304 costs a few small reads.
// A panel one is in stays as it is until it is left; what was opened stays open.
{
  const EVERY_MS = 4500;
  const SLOWEST_MS = 300000;
  const live = document.getElementById("live");
  const said = document.getElementById("live-said");
  const state = document.getElementById("live-state");
  const asOf = document.getElementById("as-of");
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: live.dataset.zone, timeStyle: "medium" });
  const waiting = new Map();
  let etag = live.dataset.etag;
  let wait = EVERY_MS;
  let timer = 0;

  const openParts = (panel) => Array.from(panel.querySelectorAll("details[open]"), (part) => part.id);

  const put = (panel, fresh) => {
    const open = openParts(panel);
    panel.replaceWith(fresh);
    for (const id of open) { const part = document.getElementById(id); if (part) part.open = true; }
    return fresh.dataset.name;
  };

  const differs = (panel, fresh) => {
    const shut = panel.cloneNode(true);
    for (const part of shut.querySelectorAll("details[open]")) part.open = false;
    return !shut.isEqualNode(fresh);
  };

  const take = (page) => {
    const changed = [];
    waiting.clear();
    for (const fresh of page.querySelectorAll("#live .panel")) {
      const panel = document.getElementById(fresh.id);
      if (!panel) { location.reload(); return []; }
      if (!differs(panel, fresh)) continue;
      if (panel.contains(document.activeElement)) waiting.set(fresh.id, document.adoptNode(fresh));
      else changed.push(put(panel, document.adoptNode(fresh)));
    }
    return changed;
  };

  const tell = (words, isLate) => {
    state.textContent = words;
    state.parentElement.classList.toggle("is-late", isLate);
  };

  const seenAt = (answer) => {
    const at = new Date(answer.headers.get("Date") || Date.now());
    asOf.dateTime = at.toISOString();
    asOf.textContent = clock.format(at);
    tell("refreshes itself", false);
  };

  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { "If-None-Match": etag }, cache: "no-store" });
    if (answer.status !== 304) {
      if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      etag = page.getElementById("live").dataset.etag;
      const changed = take(page);
      if (changed.length) said.textContent = `The board changed: ${changed.join(", ")}.`;
    }
    seenAt(answer);
  };

  const tick = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      await refresh();
      wait = EVERY_MS;
    } catch {
      wait = Math.min(wait * 2, SLOWEST_MS);
      tell("cannot be refreshed just now; trying again", true);
      said.textContent = "The board cannot be refreshed just now; trying again.";
    }
    timer = setTimeout(tick, wait);
  };

  live.addEventListener("focusout", (event) => {
    for (const [id, fresh] of waiting) {
      const panel = document.getElementById(id);
      if (panel.contains(event.relatedTarget)) continue;
      waiting.delete(id);
      put(panel, fresh);
    }
  });
  document.addEventListener("visibilitychange", tick);
  timer = setTimeout(tick, wait);
}
