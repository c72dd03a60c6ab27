// Clocks: seconds that run on between two loads of a part, as fast as the board's own clock.
const began = new WeakMap();
const pace = Number(document.querySelector("[data-speed]")?.dataset.speed ?? 1);

function tick() {
  const real = performance.now();
  document.querySelectorAll("[data-clock]").forEach((one) => {
    if (!began.has(one)) began.set(one, real);
    const gone = Math.floor(((real - began.get(one)) / 1000) * pace);
    const seconds = Math.max(0, Number(one.dataset.clock) + ("down" in one.dataset ? -gone : gone));
    one.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  });
}

tick();
setInterval(tick, 500);
