// Clocks: seconds since or until a time, and how much of a promise they have used up, by the board's own clock.
const here = document.querySelector("[data-now]");
const pace = Number(here?.dataset.speed ?? 1);
let base = { real: performance.now(), now: Number(here?.dataset.now) };

function tick() {
  const now = base.now + ((performance.now() - base.real) / 1000) * pace;
  document.querySelectorAll("[data-since], [data-until]").forEach((one) => {
    const gone = "until" in one.dataset ? Number(one.dataset.until) - now : now - Number(one.dataset.since);
    const seconds = Math.max(0, Math.floor(gone));
    (one.querySelector("span") ?? one).textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const meter = one.querySelector("meter");
    if (meter) meter.value = seconds / 60 / Number(meter.dataset.minutes);
  });
}

document.addEventListener("board:now", (event) => (base = { real: performance.now(), now: event.detail }));
document.addEventListener("board:shown", tick);
tick();
setInterval(tick, 500);
