// New call: class and place are found while they are typed, and what is known of the call is told beside the form.
// Without this script the server finds both when the form is sent.
const taking = document.querySelector("#taking");
const { class_word: word, atom: place } = taking.elements;
const list = document.querySelector("#places");
const weighed = document.querySelector("#weighed");
const asked = { class: Promise.resolve(), place: Promise.resolve(), weigh: Promise.resolve() };
const turn = { class: 0, place: 0, weigh: 0 };

// Ask the server; an answer that a later question has overtaken, or that does not come, is no answer.
function ask(what, address, values, use) {
  const mine = ++turn[what];
  asked[what] = fetch(`${address}?${new URLSearchParams(values)}`, { redirect: "error" })
    .then(async (answer) => answer.ok && mine === turn[what] && use(answer.headers.get("Content-Type").includes("json") ? await answer.json() : await answer.text()))
    .catch(() => {});
  return asked[what];
}

const radios = () => [...taking.querySelectorAll("[name=call_class]")];

function weigh() {
  const { csrfmiddlewaretoken: _token, key: _key, ...values } = Object.fromEntries(new FormData(taking));
  ask("weigh", taking.dataset.weigh, values, (html) => (weighed.innerHTML = html));
}

function classes({ choices }) {
  radios().forEach((one) => {
    one.checked = Boolean(word.value) && one.value === choices[0];
    one.closest("label").classList.toggle("out", Boolean(word.value) && !choices.includes(one.value));
  });
  weigh();
}

word.addEventListener("input", () => ask("class", taking.dataset.findClass, { q: word.value }, classes));
// At once, though the answer may still be on its way: what is typed next belongs to the place.
word.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  place.focus();
});
taking.addEventListener("change", (event) => {
  if (event.target.name === "call_class") word.value = "";
  if (event.target.name === "call_class") place.focus();
  if (event.target.name !== "atom") weigh();
});

function close() {
  list.hidden = true;
  place.setAttribute("aria-expanded", "false");
  place.removeAttribute("aria-activedescendant");
}

function mark(at) {
  const options = [...list.querySelectorAll("[role=option]")];
  options.forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
  if (options[at]) place.setAttribute("aria-activedescendant", options[at].id);
}

function places({ choices, count, value }) {
  document.querySelector("#choices")?.remove();
  list.replaceChildren(
    ...choices.map((one, at) => Object.assign(document.createElement("li"), { id: `place-${at}`, role: "option", textContent: one.label })),
  );
  choices.forEach((one, at) => (list.children[at].dataset.value = one.value));
  const note = count > choices.length ? list.dataset.more.replace("{count}", count - choices.length) : count ? "" : list.dataset.none;
  if (note) list.append(Object.assign(document.createElement("li"), { className: "quiet", textContent: note }));
  list.hidden = !place.value;
  place.setAttribute("aria-expanded", String(!list.hidden));
  mark(0);
  if (value || !count) weigh();
}

function choose(option) {
  place.value = option.dataset.value;
  close();
  weigh();
  document.querySelector("#take").focus();
}

// The first Enter chooses as soon as the places are here; a second one that comes before that takes the call.
let enters = 0;

async function entered() {
  enters += 1;
  if (enters > 1) return;
  await asked.place;
  const chosen = list.hidden ? null : list.querySelector("[aria-selected=true]");
  if (chosen) choose(chosen);
  else if (place.value) document.querySelector("#take").focus();
  if (enters > 1) document.querySelector("#take").click();
  enters = 0;
}

place.addEventListener("input", () => ask("place", taking.dataset.findPlace, { q: place.value }, places));
place.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const options = [...list.querySelectorAll("[role=option]")];
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") close();
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark((at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length);
  }
  if (event.key !== "Enter") return;
  event.preventDefault();
  entered();
});
list.addEventListener("mousedown", (event) => {
  const option = event.target.closest("[role=option]");
  event.preventDefault();
  if (option) choose(option);
});
// Not when the field loses the focus: the button below would move away under the mouse before it is released.
document.addEventListener("click", (event) => event.target !== place && close());
place.addEventListener("keydown", (event) => event.key === "Tab" && close());

// One key says which open call it repeats, while nothing is being typed.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  if (/^[1-9]$/.test(event.key)) weighed.querySelectorAll("[name=same_as]")[Number(event.key) - 1]?.click();
});
