// Keyboard, unsaved sentences and the few things a page must do by itself.
// Shortcuts never fire while text is typed or an input method is composing.
(() => {
  "use strict";
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)) && !["checkbox", "radio", "button", "submit"].includes(el.type);
  const store = (() => { try { return window.localStorage; } catch { return null; } })();
  const shortcutsOff = () => store && store.getItem("keys-off") === "1";
  let composing = false;
  let pending = "";
  let pendingTimer = 0;

  document.addEventListener("compositionstart", () => { composing = true; });
  document.addEventListener("compositionend", () => { window.setTimeout(() => { composing = false; }, 0); });

  // Enter inside an input method chooses a word; it must not send the form.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (composing || event.isComposing || event.keyCode === 229)) {
      event.stopPropagation();
    }
  }, true);

  const moveInMatrix = (event) => {
    const cell = document.activeElement && document.activeElement.closest("[data-cell]");
    if (!cell) return false;
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (steps[event.key]) {
      const [row, column] = cell.dataset.cell.split(",").map(Number);
      const next = document.querySelector(`[data-cell="${row + steps[event.key][0]},${column + steps[event.key][1]}"]`);
      if (next) { next.focus(); event.preventDefault(); }
      return true;
    }
    if (["1", "2", "3"].includes(event.key)) {
      const button = cell.parentElement.querySelector(`[data-pin="${"ABC"[Number(event.key) - 1]}"]`);
      if (button) { button.click(); event.preventDefault(); }
      return true;
    }
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || composing || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]") || shortcutsOff()) return;
    if (moveInMatrix(event)) return;
    if (event.key === "?") { const d = document.getElementById("keys"); if (d) d.showModal(); return; }
    if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) { search.focus(); event.preventDefault(); }
      return;
    }
    const key = event.key.length === 1 ? event.key.toUpperCase() : "";
    if (!key) return;
    const wanted = pending ? `${pending} ${key}` : key;
    const target = document.querySelector(`[data-keys="${wanted}"]`);
    window.clearTimeout(pendingTimer);
    pending = "";
    if (target) { target.click(); event.preventDefault(); return; }
    if (document.querySelector(`[data-keys^="${key} "]`)) {
      pending = key;
      pendingTimer = window.setTimeout(() => { pending = ""; }, 900);
    }
  });

  // A sentence half typed survives a closed window.
  const drafts = () => document.querySelectorAll("[data-draft]");
  const bindDrafts = () => drafts().forEach((field) => {
    if (!store || field.dataset.bound) return;
    field.dataset.bound = "1";
    const name = `draft:${field.dataset.draft}`;
    if (!field.value && store.getItem(name)) {
      field.value = store.getItem(name);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.addEventListener("input", () => store.setItem(name, field.value));
    if (field.form) field.form.addEventListener("submit", () => store.removeItem(name));
  });

  // A form is sent once: the second click on the same button does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.once === undefined) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.querySelectorAll("button[type=submit]").forEach((b) => { b.setAttribute("aria-busy", "true"); });
    window.setTimeout(() => { delete form.dataset.sent; form.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy")); }, 8000);
  });

  const say = (text) => {
    const box = document.getElementById("trouble");
    if (!box) return;
    box.textContent = text;
    box.hidden = false;
    window.setTimeout(() => { box.hidden = true; }, 9000);
  };
  document.addEventListener("htmx:sendError", () => say("连不上服务器，刚才的改动还没有保存。请检查网络后再试一次。"));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) say("服务器出错了，刚才的改动没有保存。请再试一次；还不行请告诉管理员。");
  });

  const bindPage = () => {
    bindDrafts();
    document.querySelectorAll("[data-print]").forEach((b) => { if (!b.dataset.bound) { b.dataset.bound = "1"; b.addEventListener("click", () => window.print()); } });
    document.querySelectorAll("[data-copy]").forEach((b) => {
      if (b.dataset.bound) return;
      b.dataset.bound = "1";
      b.addEventListener("click", async () => {
        const source = document.getElementById(b.dataset.copy);
        try { await navigator.clipboard.writeText(source.value || source.textContent); b.textContent = "已复制"; } catch { source.select && source.select(); }
      });
    });
    document.querySelectorAll("[data-open-dialog]").forEach((b) => {
      if (b.dataset.bound) return;
      b.dataset.bound = "1";
      b.addEventListener("click", () => document.getElementById(b.dataset.openDialog).showModal());
    });
    document.querySelectorAll("input[data-pair]").forEach((slider) => {
      if (slider.dataset.bound) return;
      slider.dataset.bound = "1";
      const twin = document.getElementById(slider.dataset.pair);
      if (!twin) return;
      slider.addEventListener("input", () => { twin.value = slider.value; twin.dispatchEvent(new Event("change", { bubbles: true })); });
    });
  };
  // A part of the page that is replaced takes the focus with it: the hand stays where it was.
  let place = "";
  const placeOf = (el) => {
    const cell = el.closest("[data-cell]") || (el.closest(".matrix td") && el.closest(".matrix td").querySelector("[data-cell]"));
    if (cell) return `[data-cell="${cell.dataset.cell}"]`;
    return el.closest(".question") ? ".question .choice-button, [data-confirm-need]" : "main";
  };
  document.addEventListener("htmx:beforeSwap", () => {
    const el = document.activeElement;
    place = el && el !== document.body ? placeOf(el) : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    const next = place && document.activeElement === document.body && document.querySelector(place);
    if (next) next.focus();
    place = "";
  });
  const off = document.getElementById("keys-off");
  if (off && store) { off.checked = shortcutsOff(); off.addEventListener("change", () => store.setItem("keys-off", off.checked ? "1" : "0")); }
  document.addEventListener("htmx:afterSettle", bindPage);
  bindPage();
})();
