"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const card = document.getElementById("why");
  let pinned = null;

  function line(kind, text) {
    const element = document.createElement("p");
    element.className = kind;
    element.textContent = text;
    return element;
  }

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
    card.replaceChildren(...parts);
    card.hidden = false;
    const box = number.at.getBoundingClientRect(), width = card.offsetWidth, height = card.offsetHeight, edge = 8;
    const left = Math.min(Math.max(edge, box.left + box.width / 2 - width / 2), document.documentElement.clientWidth - width - edge);
    const below = box.bottom + 6 + height < window.innerHeight;
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${(below ? box.bottom + 6 : Math.max(edge, box.top - 6 - height)) + window.scrollY}px`;
  }

  function hide() {
    card.hidden = true;
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
