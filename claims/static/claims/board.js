"use strict";
// Asks for a newer board every few seconds while the tab is in view; 304 costs two small reads.
{
  const EVERY_MS = 5000;
  const SLOWEST_MS = 300000;
  const live = document.getElementById("live");
  const said = document.getElementById("live-said");
  let etag = live.dataset.etag;
  let wait = EVERY_MS;

  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { "If-None-Match": etag }, cache: "no-store" });
    if (answer.status === 304) return;
    if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    etag = fresh.dataset.etag;
    live.replaceChildren(...fresh.childNodes);
    said.textContent = `Updated ${new Date().toISOString().slice(11, 19)} UTC.`;
  };

  const tick = async () => {
    if (!document.hidden && !live.contains(document.activeElement)) {
      try { await refresh(); wait = EVERY_MS; } catch { wait = Math.min(wait * 2, SLOWEST_MS); }
      if (wait > EVERY_MS) said.textContent = "The board cannot be refreshed just now; trying again.";
    }
    setTimeout(tick, wait);
  };
  setTimeout(tick, wait);
}
