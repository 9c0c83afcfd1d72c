// The day grid by keyboard: J and K go through the blocks, Shift with an arrow moves one by five
// minutes and locks it there.
(() => {
  "use strict";
  const blocks = () => [...document.querySelectorAll("[data-block]")];
  const typing = (el) => /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName);
  const shifted = (time, minutes) => {
    const [hours, rest] = time.split(":").map(Number);
    const moved = hours * 60 + rest + minutes;
    if (Number.isNaN(moved) || moved < 0 || moved >= 1440) return "";
    return `${String(Math.floor(moved / 60)).padStart(2, "0")}:${String(moved % 60).padStart(2, "0")}`;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const all = blocks();
    const here = all.indexOf(document.activeElement);
    const key = event.key.toLowerCase();
    if ((key === "j" || key === "k") && all.length) {
      const step = key === "j" ? 1 : -1;
      all[here < 0 ? 0 : Math.min(all.length - 1, Math.max(0, here + step))].focus();
      event.preventDefault();
      return;
    }
    if (here < 0 || !event.shiftKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const form = document.querySelector(`[data-lock="${all[here].dataset.block}"]`);
    if (!form) return;
    const time = shifted(form.elements.time.value, event.key === "ArrowUp" ? -5 : 5);
    if (!time) return;
    form.elements.time.value = time;
    event.preventDefault();
    form.requestSubmit();
  });
})();
