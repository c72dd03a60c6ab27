"use strict";
function line(kind, text) {
  const element = document.createElement("p");
  element.className = kind;
  element.textContent = text;
  return element;
}

const card = {
  element: document.getElementById("why"),

  show(lines, beside) {
    this.element.replaceChildren(...lines);
    this.element.hidden = false;
    const box = beside.getBoundingClientRect(), width = this.element.offsetWidth, height = this.element.offsetHeight, edge = 8;
    const left = Math.min(Math.max(edge, box.left + box.width / 2 - width / 2), document.documentElement.clientWidth - width - edge);
    const below = box.bottom + 6 + height < window.innerHeight;
    this.element.style.left = `${left + window.scrollX}px`;
    this.element.style.top = `${(below ? box.bottom + 6 : Math.max(edge, box.top - 6 - height)) + window.scrollY}px`;
  },

  hide() {
    this.element.hidden = true;
  },
};
