// Unsent calls: what was taken is kept in this browser until the server has it. Each entry has a key, so that it becomes one call
// however often it is sent. Class, place and numbers only: the form knows nothing about anybody.
const STORE = "qinwu-unsent";
const AGAIN_MS = 4000;
const PATIENCE_MS = 8000;
const UNREADABLE = [400, 404, 413]; // sent again it would be answered so again, and whatever waits behind it would wait for ever
const kept = document.querySelector("form[data-keep]");
const box = document.querySelector("#unsent");
let token = kept.elements.csrfmiddlewaretoken.value;
let busy = false;
let trouble = "waiting";
const numbers = [];

const read = () => JSON.parse(localStorage.getItem(STORE) ?? "[]");
const write = (entries) => localStorage.setItem(STORE, JSON.stringify(entries));
const drop = (key) => write(read().filter((one) => one.key !== key));
const put = (entry) => write([...read().filter((one) => one.key !== entry.key), entry]);

function newKey() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte, at) => (at === 6 ? (byte & 15) | 64 : at === 8 ? (byte & 63) | 128 : byte));
  return hex.map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function words(values) {
  const chosen = [...kept.querySelectorAll("[name=call_class]")].find((one) => one.value === values.call_class);
  return `${chosen ? chosen.nextElementSibling.childNodes[1].textContent.trim() : values.class_word} ${values.atom}`;
}

// Get a fresh token where the one of this page is no longer good, and return the page it came from; where nobody is logged in that
// is a way to the login.
async function renew() {
  const page = await fetch(kept.action, { redirect: "manual" });
  if (page.ok) token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]").value;
  return page;
}

function post(entry) {
  const ago = Math.max(0, Math.round((Date.now() - entry.at) / 1000));
  const body = new URLSearchParams({ ...entry.values, ago_s: String(ago), csrfmiddlewaretoken: token });
  const headers = { "X-Requested-With": "fetch" };
  return fetch(kept.action, { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
}

// Send one entry: "sent", "back" where the server finds something wrong with it, "waiting" where it stays.
async function sendOne(entry) {
  try {
    let answer = await post(entry);
    if (answer.status === 403) {
      const page = await renew();
      answer = page.ok ? await post(entry) : page;
    }
    trouble = answer.type === "opaqueredirect" ? "login" : answer.status === 403 ? "refused" : "waiting";
    if (answer.status === 422) {
      put({ ...entry, problems: (await answer.json()).problems });
      return "back";
    }
    if (UNREADABLE.includes(answer.status)) {
      put({ ...entry, problems: [box.dataset.unreadable] });
      return "back";
    }
    if (!answer.ok) return "waiting";
    const { number, address } = await answer.json();
    drop(entry.key);
    numbers.push({ what: words(entry.values), number, address });
    return "sent";
  } catch {
    trouble = "waiting";
    return "waiting";
  }
}

async function sendAll() {
  for (const entry of read().filter((one) => !one.problems)) {
    const end = await sendOne(entry);
    if (end === "waiting") break;
    if (end === "back" && untouched()) fill(read().find((one) => one.key === entry.key));
  }
  show();
}

const untouched = () => !kept.elements.class_word.value && !kept.elements.atom.value && !kept.querySelector("[name=call_class]:checked");

// One window sends at a time where browsers can tell; where they cannot, the key still makes it one call.
async function tryAgain() {
  if (busy || !read().some((one) => !one.problems)) return;
  busy = true;
  try {
    if (navigator.locks) await navigator.locks.request(STORE, { ifAvailable: true }, (lock) => lock && sendAll());
    else await sendAll();
  } finally {
    busy = false;
  }
}

const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);

function show() {
  const entries = read();
  const waiting = entries.filter((one) => !one.problems);
  const back = entries.filter((one) => one.problems && one.key !== kept.elements.key.value);
  const lines = [];
  if (waiting.length) {
    lines.push(make("p", box.dataset[trouble].replace("{count}", waiting.length), { className: "wrong" }));
    if (trouble !== "waiting") lines.push(make("a", box.dataset.logIn, { href: box.dataset.loginAddress }));
    waiting.forEach((one) => lines.push(make("p", `${new Date(one.at).toTimeString().slice(0, 8)} ${words(one.values)}`, { className: "kept" })));
  }
  if (back.length) lines.push(make("p", box.dataset.back.replace("{count}", back.length), { className: "wrong" }));
  back.forEach((one) => {
    const mend = make("button", box.dataset.mend, { className: "plain", type: "button" });
    mend.addEventListener("click", () => fill(one));
    lines.push(make("p", `${words(one.values)}: ${one.problems.join(" ")} `), mend);
  });
  numbers.forEach((one) => {
    const said = box.dataset.sent.replace("{what}", one.what).replace("{number}", one.number);
    lines.push(make("a", said, { href: one.address, className: "right" }));
  });
  box.replaceChildren(...lines);
  box.hidden = !lines.length;
  box.dataset.count = String(waiting.length);
}

function fill(entry) {
  clear();
  for (const [name, value] of Object.entries(entry.values)) {
    if (name === "call_class") kept.querySelectorAll("[name=call_class]").forEach((one) => (one.checked = one.value === value));
    else if (kept.elements[name]) kept.elements[name].value = value;
  }
  kept.dataset.at = entry.at;
  kept.querySelector("details").open = Boolean(entry.values.priority || entry.values.people || entry.values.received);
  tell(entry.problems);
  drop(entry.key);
  show();
}

function tell(problems) {
  const list = make("ul", "", { className: "wrong" });
  list.append(...problems.map((one) => make("li", one)));
  document.querySelector("#wrongs").replaceChildren(...(problems.length ? [list] : []));
  kept.elements.class_word.focus();
}

function clear() {
  kept.reset();
  kept.querySelectorAll("[name=call_class]").forEach((one) => (one.checked = false));
  kept.querySelectorAll("input:not([type=radio]):not([type=hidden])").forEach((one) => (one.value = ""));
  kept.elements.key.value = newKey();
  delete kept.dataset.at;
  document.querySelector("#wrongs").replaceChildren();
  document.querySelector("#weighed").replaceChildren();
  kept.elements.class_word.focus();
}

kept.addEventListener("submit", async (event) => {
  const { csrfmiddlewaretoken: _token, ...values } = Object.fromEntries(new FormData(kept, event.submitter));
  const entry = { key: values.key, values, at: Number(kept.dataset.at ?? Date.now()) };
  try {
    put(entry);
  } catch {
    return; // this browser keeps nothing: the form is sent as any other
  }
  event.preventDefault();
  if (busy) {
    clear(); // others are on their way: it follows them
    return show();
  }
  busy = true;
  const end = await sendOne(entry).finally(() => (busy = false));
  if (end === "sent" && !read().length) return location.assign(numbers.at(-1).address);
  if (end === "back") {
    const { problems } = read().find((one) => one.key === entry.key);
    drop(entry.key);
    kept.dataset.at = entry.at;
    tell(problems);
  } else clear();
  return show();
});

addEventListener("online", tryAgain);
addEventListener("storage", show);
setInterval(tryAgain, AGAIN_MS);
show();
tryAgain();
