// The month of leaving early: a slider and its twin to type in. The page brought every month along,
// in the words the server writes; nothing is asked again while the hand moves.
(() => {
  "use strict";
  const box = document.querySelector("[data-settling]");
  if (!box) return;
  const words = JSON.parse(box.dataset.settling);
  const slider = document.getElementById("settle-slider");
  const twin = document.getElementById("settle-month");
  const said = box.querySelector("[data-settle-said]");
  const latest = Number(slider.max);

  const showPlan = (row, month) => {
    const letter = row.dataset.settle;
    const end = words.ends[letter][month - 1];
    const reason = month > words.terms[letter] ? "已经还清" : "合同不许结清";
    row.querySelectorAll("[data-cell-of]").forEach((cell) => {
      const place = Number(cell.dataset.cellOf);
      cell.textContent = end ? end[place] : (place === 0 ? reason : "--");
    });
    return end ? `方案 ${letter} 当天要还 ${end[0]} 元，比全款多付 ${end[2]} 元` : `方案 ${letter} ${reason}`;
  };

  const showFuture = (table, month) => {
    const future = words.futures[table.dataset.futures];
    table.querySelectorAll("[data-future]").forEach((cell) => {
      const gain = future[cell.dataset.future][month - 1];
      cell.textContent = gain === null || gain === undefined ? "--" : gain;
    });
  };

  const show = (month) => {
    slider.value = String(month);
    slider.setAttribute("aria-valuetext", `第 ${month} 期`);
    document.querySelectorAll("[data-settle-month]").forEach((place) => { place.textContent = String(month); });
    const told = [...box.querySelectorAll("[data-settle]")].map((row) => showPlan(row, month));
    document.querySelectorAll("[data-futures]").forEach((table) => showFuture(table, month));
    return `第 ${month} 期后结清：${told.join("；")}。`;
  };

  const typed = () => {
    const month = Number(twin.value);
    return Number.isInteger(month) && month >= 1 && month <= latest ? month : 0;
  };

  slider.addEventListener("input", () => { twin.value = slider.value; show(Number(slider.value)); });
  twin.addEventListener("input", () => { const month = typed(); if (month) show(month); });
  // Said aloud once the hand rests; a number out of reach falls back to the slider's.
  slider.addEventListener("change", () => { said.textContent = show(Number(slider.value)); });
  twin.addEventListener("change", () => {
    const month = typed() || Number(slider.value);
    twin.value = String(month);
    said.textContent = show(month);
  });

  show(Number(slider.value));
  box.hidden = false;
})();
