"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  let pinned = null;

  function of(element) {
    const cell = element.closest(".ask :is(td, th)");
    if (cell) {
      const head = cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
      const row = cell.parentElement.cells[0];
      const name = cell.tagName === "TH" ? "" : `${row.textContent.trim()} · `;
      return head.dataset.w && { at: cell, key: head.dataset.w, name: name + head.textContent.trim(), value: cell.tagName === "TH" ? "" : cell.textContent.trim() };
    }
    const at = element.closest("[data-w]");
    if (!at) return null;
    const part = [element, element.parentElement].find((each) => each.closest("svg") && each.querySelector(":scope > title"));
    if (part) return { at: part, key: at.dataset.w, name: at.dataset.l, value: part.querySelector(":scope > title").textContent };
    return { at, key: at.dataset.w, name: at.dataset.l, value: at.classList.contains("n") ? at.textContent.trim() : "" };
  }

  function explain(number) {
    const parts = [line("what", number.name)];
    if (number.value) parts.push(line("value", number.value));
    parts.push(line("how", `${words.how}: ${words.why[number.key]}`));
    card.show(parts, number.at);
  }

  function hide() {
    card.hide();
    pinned = null;
  }

  document.addEventListener("click", (event) => {
    const number = of(event.target);
    if (!number || number.at === pinned) return hide();
    pinned = number.at;
    explain(number);
  });
  for (const number of document.querySelectorAll(".n")) {
    number.addEventListener("mouseenter", () => { if (!pinned) explain(of(number)); });
    number.addEventListener("mouseleave", () => { if (!pinned) hide(); });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.documentElement.classList.add("js");
})();
