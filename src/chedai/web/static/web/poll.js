// A part of a page that asks for itself anew, and says so clearly when nobody answers.
(() => {
  "use strict";
  const part = document.querySelector("[data-poll]");
  const sign = document.querySelector("[data-offline]");
  if (!part) return;
  const seconds = Number(part.dataset.every) || 5;
  let failures = 0;
  const fresh = async () => {
    try {
      const answer = await fetch(part.dataset.poll, { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      const incoming = new DOMParser().parseFromString(html, "text/html").querySelector("[data-poll]");
      if (incoming && incoming.innerHTML !== part.innerHTML) part.innerHTML = incoming.innerHTML;
      failures = 0;
      if (sign) sign.hidden = true;
      document.body.classList.remove("offline");
    } catch {
      failures += 1;
      // One lost answer is nothing; two, and what is shown may be old.
      if (failures >= 2 && sign) { sign.hidden = false; document.body.classList.add("offline"); }
    }
    window.setTimeout(fresh, seconds * 1000);
  };
  window.setTimeout(fresh, seconds * 1000);
})();
