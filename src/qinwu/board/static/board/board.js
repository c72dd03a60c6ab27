// Live parts: what looks alike to all comes with the stream of events; other parts name an address and are loaded when something changed.
"use strict";

const live = document.querySelector("[data-events]");
// What answers a refused form stands at the form's own address: loaded again from there it would send the form again, with nobody
// asking, and this time it might be taken. It is not loaded again by itself either, or what was wrong would be gone unread.
const refused = Boolean(document.querySelector("ul.wrong"));
if (live?.dataset.reload) history.replaceState(null, "", live.dataset.reload);
let leaving = false;
addEventListener("submit", () => (leaving = true));
addEventListener("beforeunload", () => (leaving = true));

function show(part, html) {
  const open = [...part.querySelectorAll("details")].map((one) => one.open);
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.innerHTML = html;
  part.querySelectorAll("details").forEach((one, at) => (one.open = open[at] ?? one.open));
  if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  reachable();
  fit();
}

// What is wider than the page is scrolled by keyboard too.
function reachable() {
  for (const table of document.querySelectorAll("table")) if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
}

function over(part) {
  const end = part.getBoundingClientRect().bottom + 1;
  return [...part.querySelectorAll("li, h3")].filter((one) => one.getBoundingClientRect().bottom > end);
}

// On a wall nobody scrolls: what no longer fits is hidden whole, and how much that is stands below.
function fit() {
  for (const part of document.querySelectorAll("[data-cut]")) {
    const said = part.nextElementSibling;
    const lines = part.querySelectorAll("li");
    const told = (count) => ((said.hidden = !count), (said.textContent = said.dataset.words.replace("{count}", count)));
    const besides = Math.max(0, Number(part.querySelector("[data-all]")?.dataset.all ?? 0) - lines.length);
    told(besides);
    if (over(part).length) told(besides + lines.length); // the sentence takes room of its own
    const hidden = over(part);
    part.querySelectorAll("li, h3").forEach((one) => one.classList.toggle("off-screen", hidden.includes(one)));
    told(besides + hidden.filter((one) => one.matches("li")).length);
  }
}

async function reload(part) {
  const answer = await fetch(part.dataset.part, { headers: { "X-Requested-With": "fetch" } });
  if (answer.ok) show(part, await answer.text());
}

function typing() {
  const at = document.activeElement;
  return at && at.matches("input:not([type=checkbox]):not([type=radio]), select, textarea") && at.value !== at.defaultValue;
}

function changed() {
  document.querySelectorAll("[data-part]").forEach(reload);
  if (live.hasAttribute("data-reload") && !refused && !typing() && !leaving) location.reload(); // a form on its way must arrive
}

// A part comes whole, or as pieces: new lines, and from where to where lines of the one before stay.
const known = {};
function whole(name, change) {
  const before = (known[name] ?? "").split("\n");
  return typeof change === "string" ? change : change.map((one) => (typeof one === "string" ? one : before.slice(...one).join("\n"))).join("\n");
}

function received(event) {
  const { now, ...changes } = JSON.parse(event.data);
  document.dispatchEvent(new CustomEvent("board:now", { detail: Number(now) }));
  for (const [name, change] of Object.entries(changes)) {
    const text = (known[name] = whole(name, change));
    const part = document.querySelector(`[data-live="${name}"]`);
    if (name === "moving") part?.dispatchEvent(new CustomEvent("board:moving", { detail: JSON.parse(text) }));
    else if (part) show(part, text);
  }
  document.dispatchEvent(new Event("board:shown"));
}

// A browser comes back to a stream whose network broke, but never to one that was refused, as while the board starts again.
const AGAIN_MS = 5000;
const SILENT_MS = 20000;
let last = null;
let heard = Date.now();
let stream = null;

// A browser keeps six connections to one server and no more: a page that nobody sees lets its own go, or the seventh would wait.
function listen() {
  if (document.hidden || (stream && stream.readyState !== EventSource.CLOSED)) return;
  const parts = [...document.querySelectorAll("[data-live]")].map((part) => part.dataset.live);
  stream = new EventSource(`${live.dataset.events}?parts=${parts.join(",")}`);
  stream.addEventListener("parts", (event) => {
    heard = Date.now();
    received(event);
  });
  stream.addEventListener("alive", () => (heard = Date.now()));
  stream.onmessage = (event) => {
    heard = Date.now();
    if (last !== null && event.data !== last) changed();
    last = event.data;
  };
  stream.onerror = () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(comeBack, AGAIN_MS);
  };
}

function seen() {
  heard = Date.now();
  if (document.hidden) stream?.close();
  else listen(); // the first number it hears says whether anything changed meanwhile
}

// A session that has ended leads to the login page; a board that does not answer is asked again.
async function comeBack() {
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (answer && (answer.type === "opaqueredirect" || answer.status === 403) && !typing() && !leaving) location.reload();
  else if (answer?.ok) listen();
  else setTimeout(comeBack, AGAIN_MS);
}

function silence() {
  const told = document.querySelector(".silent");
  if (document.hidden || Date.now() - heard < SILENT_MS) told?.remove();
  else if (!told) {
    const words = Object.assign(document.createElement("p"), { className: "silent", textContent: live.dataset.silent });
    words.setAttribute("role", "alert");
    document.body.prepend(words);
  }
}

if (live) {
  listen();
  document.addEventListener("visibilitychange", seen);
  if (live.dataset.silent) setInterval(silence, 1000);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  if (event.key === "n") document.querySelector('[accesskey="n"]')?.click();
  if (event.key === "s") document.querySelector('[accesskey="s"]')?.click();
  if (/^[1-9]$/.test(event.key)) document.querySelector(`[data-key="${event.key}"]`)?.click(); // which open call this one repeats
});

// A page that waits for a computation looks again, unless somebody is typing into it.
const waits = document.querySelector("[data-look-again]");
if (waits) setInterval(() => refused || typing() || location.reload(), 1000 * Number(waits.dataset.lookAgain));

reachable();
fit();
addEventListener("resize", () => (reachable(), fit()));
document.fonts.ready.then(fit);
