// Live parts: whenever the server says that something changed, every part of the page that names its address is loaded again.
"use strict";

const live = document.querySelector("[data-events]");

async function reload(part) {
  const answer = await fetch(part.dataset.part, { headers: { "X-Requested-With": "fetch" } });
  if (answer.ok) part.innerHTML = await answer.text();
}

function typing() {
  const at = document.activeElement;
  return at && at.matches("input:not([type=checkbox]):not([type=radio]), select, textarea") && at.value !== at.defaultValue;
}

function changed() {
  document.querySelectorAll("[data-part]").forEach(reload);
  document.dispatchEvent(new Event("board:changed"));
  if (live.hasAttribute("data-reload") && !typing()) location.reload();
}

if (live) {
  let last = null;
  const stream = new EventSource(live.dataset.events);
  stream.onmessage = (event) => {
    if (last !== null && event.data !== last) changed();
    last = event.data;
  };
  if (document.querySelector("[data-part]")) setInterval(() => document.querySelectorAll("[data-part]").forEach(reload), 5000);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  if (event.key === "n") document.querySelector('[accesskey="n"]')?.click();
  if (event.key === "s") document.querySelector('[accesskey="s"]')?.click();
});
