// The draft of the desk: what the line under the form says when it could not be saved, and the next attempts. Each waits
// twice as long as the one before. No words of its own: they stand in data attributes.
"use strict";
{
const line = document.getElementById("desk-saved");
const form = document.getElementById("decide");
const FIRST_PAUSE = 2000, LONGEST_PAUSE = 60000, SLOW = 2500; // milliseconds; SLOW: then an answer is late
let failures = 0, timer = 0, slow = 0, isOut = false, isLeaving = false;

function say(kind) {
  const words = line.dataset[kind];
  if (line.textContent.trim() === words) return; // heard once
  const icon = document.createElement("i"), text = document.createElement("span");
  icon.className = `bi bi-${kind === "saving" ? "hourglass-split" : "exclamation-circle"}`;
  icon.setAttribute("aria-hidden", "true");
  text.className = kind === "saving" ? "" : "text-danger";
  text.dataset.draftIs = kind;
  text.append(icon, ` ${words}`);
  line.replaceChildren(text);
}

function again() {
  clearTimeout(timer);
  if (!isLeaving) htmx.trigger(line, "again");
}

function failed(event) {
  if (event.detail.elt !== line) return;
  clearTimeout(slow);
  const { xhr } = event.detail;
  isOut = xhr?.status === 401;
  // For these app.js says what to do: sign in again, or copy the words. Trying again by itself would not help.
  if (isOut || [403, 404].includes(xhr?.status) || xhr?.getResponseHeader("X-Only-Stored")) return say(isOut ? "out" : "unsaved");
  event.stopImmediatePropagation();
  say("again");
  clearTimeout(timer);
  timer = setTimeout(again, Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE));
  failures += 1;
}

if (line && form) {
  for (const kind of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.body.addEventListener(kind, failed);
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== line) return;
    if (isLeaving) return event.preventDefault();
    clearTimeout(timer);
    clearTimeout(slow);
    if (!failures) slow = setTimeout(() => say("saving"), SLOW);
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== line || !event.detail.shouldSwap) return;
    clearTimeout(slow);
    failures = 0;
    isOut = false;
  });
  // Back from signing in in another window, or back in the network: at once.
  window.addEventListener("focus", () => { if (isOut) again(); });
  window.addEventListener("online", () => { if (failures) again(); });
  form.addEventListener("submit", () => {
    isLeaving = true; // what is recorded takes the place of the draft
    clearTimeout(timer);
    htmx.trigger(line, "htmx:abort");
    setTimeout(() => { // no page came: they are still here, and what was held back meanwhile is saved
      isLeaving = false;
      again();
    }, 3000);
  });
}
}
