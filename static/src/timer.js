// The quiet timer of a stand-up: it counts down, pauses when asked, and says one sentence at the end. No sound, and
// nobody is cut off. Without scripts it is not there.
(() => {
  "use strict";
  const begin = (box) => {
    const full = Number(box.dataset.timer) * 60;
    const [left, run, again] = ["left", "run", "again"].map((name) => box.querySelector(`[data-${name}]`));
    let rest = full, until = null, tick = null;
    const show = () => {
      const now = until === null ? rest : Math.max(0, Math.round((until - Date.now()) / 1000));
      left.textContent = `${Math.floor(now / 60)}:${String(now % 60).padStart(2, "0")}`;
      return now;
    };
    const stop = () => { rest = show(); until = null; clearInterval(tick); };
    const start = () => {
      until = Date.now() + rest * 1000;
      tick = setInterval(() => { if (show() === 0) { stop(); finish(); } }, 500);
    };
    const label = () => {
      run.textContent = until !== null ? "Pause" : rest < full ? "Go on" : `Start ${box.dataset.timer} minutes`;
      run.hidden = rest === 0;
      again.hidden = until !== null || rest === full;
    };
    const finish = () => {
      label();
      document.getElementById("said").textContent = `${box.dataset.timer} minutes have passed. Finish when you are ready.`;
    };
    run.addEventListener("click", () => { until === null ? start() : stop(); label(); });
    again.addEventListener("click", () => { rest = full; show(); label(); run.focus(); });
    box.hidden = false;
    show();
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-timer]").forEach(begin));
})();
