/* Wait for the phone: ask how it stands, say so, and go on when it has approved. */

const EVERY_MS = 2000;
const OVER = ["denied", "expired", "used"];

/* What the page does with an answer: "go-on", "over" or "wait". */
export function verdict(status, state) {
  if (status === 429 || status >= 500) return "wait";
  if (status !== 200) return "over";
  if (state === "approved") return "go-on";
  return OVER.includes(state) ? "over" : "wait";
}

function begin(box) {
  const words = box.querySelector("[data-qr-words]");
  const left = box.querySelector("[data-qr-left]");
  const ends = Date.now() + Number(box.dataset.seconds) * 1000;
  let timer;

  function end(state) {
    clearInterval(timer);
    box.querySelector(".qr-open").hidden = true;
    box.querySelector("[data-denied]").hidden = state !== "denied";
    box.querySelector("[data-expired]").hidden = state === "denied";
    box.querySelector("[data-qr-over]").hidden = false;
  }

  async function ask() {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    const answer = await fetch(box.dataset.stateUrl, { method: "POST", headers }).catch(() => null);
    const told = answer ? await answer.json().catch(() => ({})) : {};
    const then = verdict(answer?.status ?? 500, told.state);
    if (then === "over") return end(told.state);
    if (told.state && words.dataset[told.state]) words.textContent = words.dataset[told.state];
    if (then === "go-on") return box.querySelector("[data-qr-finish]").requestSubmit();
    setTimeout(ask, EVERY_MS);
  }

  timer = setInterval(() => {
    const seconds = Math.max(0, Math.round((ends - Date.now()) / 1000));
    left.textContent = seconds;
    if (seconds === 0) end("expired");
  }, 1000);
  setTimeout(ask, EVERY_MS);
}

if (typeof document !== "undefined") {
  document.querySelectorAll("[data-qr]:not([data-over])").forEach(begin);
}
