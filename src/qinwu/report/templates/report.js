"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const select = document.getElementById("focus");
  let pinned = null;

  function focus(system) {
    for (const each of document.querySelectorAll("[data-s]")) {
      each.classList.toggle("on", each.dataset.s === system);
    }
  }

  function explain(number) {
    const d = number.dataset;
    const [name, how] = words.why[d.m] || [d.l, ""];
    const parts = [line("what", `${words.names[d.s]} · ${d.l || name}`), line("value", d.v)];
    if (d.i && d.i !== "–") parts.push(line("fact", `${words.interval}: ${d.i}`));
    if (d.d) parts.push(line("fact", `${words.difference}: ${d.d}` + (d.r && d.r !== "–" ? ` (${d.r})` : "") + `, ${d.w}`));
    parts.push(line("fact", d.c || words.replications));
    const way = d.c ? words.closed : how;
    if (way) parts.push(line("how", `${words.how}: ${way}`));
    card.show(parts, number);
  }

  function hide() {
    card.hide();
    pinned = null;
  }

  for (const number of document.querySelectorAll(".n")) {
    number.addEventListener("mouseenter", () => { if (!pinned) explain(number); });
    number.addEventListener("mouseleave", () => { if (!pinned) hide(); });
    number.addEventListener("click", (event) => {
      event.stopPropagation();
      if (pinned === number) return hide();
      pinned = number;
      explain(number);
    });
  }
  document.addEventListener("click", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  if (select) select.addEventListener("change", () => focus(select.value));
  document.documentElement.classList.add("js");
})();
