// What was found in the pasted report: take over, not this, take back; a dropped text file. Needs findings.js, entry.js.
// Without this file each choice goes to the server, which keeps it in the draft.
"use strict";

const report = form.querySelector("[data-report]");
const found = document.getElementById("report-found");
const LONGEST_REPORT = 100000;
const seen = new Set();
const stoodBefore = new WeakMap(); // what an offer's field held before it was taken over
const buttonsOf = new WeakMap();

const offers = () => [...found.querySelectorAll("[data-mention]")];
const isOpen = (offer) => offer.dataset.how === "offered";

// --- One offer ------------------------------------------------------------------------------------------------
const LOOKS_OF_CHOICE = { taken: ["state state-ready", "check2"], refused: ["state", "slash-circle"] };

function choose(offer, how) {
  const choice = offer.querySelector("[data-choice]");
  if (!buttonsOf.has(offer)) buttonsOf.set(offer, [...choice.childNodes]);
  offer.querySelector("input[type=hidden]")?.remove();
  offer.classList.remove(offer.dataset.how);
  offer.dataset.how = how;
  if (how === "offered") { choice.replaceChildren(...buttonsOf.get(offer)); count(); return; }
  offer.classList.add(how);
  const key = document.createElement("input");
  Object.assign(key, { type: "hidden", name: how, value: offer.dataset.mention });
  const state = document.createElement("span");
  state.className = LOOKS_OF_CHOICE[how][0];
  const icon = document.createElement("i");
  icon.className = `bi bi-${LOOKS_OF_CHOICE[how][1]}`;
  icon.setAttribute("aria-hidden", "true");
  state.append(icon, words[how]);
  const back = document.createElement("button");
  Object.assign(back, { type: "button", className: "btn btn-sm btn-bare", textContent: words.back });
  back.dataset.back = "";
  choice.replaceChildren(state, back);
  offer.append(key);
  count();
}

function take(offer) {
  if (!isOpen(offer)) return;
  const fill = JSON.parse(offer.dataset.fill);
  stoodBefore.set(offer, snapshot(fieldOf(fill.name)));
  choose(offer, "taken"); // first: the autosave that follows carries it
  if (!fill.adds) for (const other of offers()) if (other !== offer && other.dataset.how === "taken" && factOf(other) === fill.name) choose(other, "offered");
  fillField(fill);
  announce(words.taken);
}

function refuse(offer) {
  if (!isOpen(offer)) return;
  choose(offer, "refused");
  report.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "choice" })); // the draft keeps it too
  announce(words.refused);
}

function takeBack(offer) {
  const wasTaken = offer.dataset.how === "taken";
  choose(offer, "offered");
  if (wasTaken && stoodBefore.has(offer)) {
    const field = fieldOf(factOf(offer));
    restore(field, stoodBefore.get(offer));
    keepStep(field);
  }
  offer.focus();
}

function factOf(offer) {
  return JSON.parse(offer.dataset.fill).name;
}

// A field that was undone no longer says what was taken over.
form.addEventListener("entry:undone", (event) => {
  for (const offer of offers()) if (offer.dataset.how === "taken" && factOf(offer) === event.detail.name) choose(offer, "offered");
});

// --- All at once, when each was seen -----------------------------------------------------------------------------
const isAgreed = (offer) => isOpen(offer) && !("disagrees" in offer.dataset) && !("differs" in offer.dataset) && fits(offer);

// What is typed already is not written over by taking many at once.
function fits(offer) {
  const fill = JSON.parse(offer.dataset.fill);
  return fill.adds || !standing(fieldOf(fill.name));
}

function count() {
  const all = found.querySelector("[data-take-all]");
  if (!all) return;
  const agreed = offers().filter(isAgreed);
  all.hidden = agreed.length < 2 || agreed.some((offer) => !seen.has(offer));
  all.dataset.number = agreed.length;
}

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) seen.add(entry.target);
  count();
}, { threshold: 0.9 });

function begin() {
  watcher.disconnect();
  offers().forEach((offer, place) => {
    offer.tabIndex = place ? -1 : 0;
    watcher.observe(offer);
    if (["taken", "refused"].includes(offer.dataset.how)) { buttonsOf.set(offer, freshButtons(offer)); choose(offer, offer.dataset.how); }
  });
  count();
}

// An offer that came taken or put aside from the server gets its buttons when it is taken back.
function freshButtons(offer) {
  const label = offer.querySelector("b").textContent;
  return [["take", words.takeOver, "btn btn-sm btn-quiet"], ["refuse", "×", "btn btn-sm btn-bare"]].map(([what, text, looks]) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: looks, textContent: text });
    button.dataset[what] = "";
    button.setAttribute("aria-label", (what === "take" ? words.takeThis : words.notThis).replace("%(label)s", label));
    return button;
  });
}

// --- Hands ----------------------------------------------------------------------------------------------------------
found.addEventListener("click", (event) => {
  const offer = event.target.closest("[data-mention]");
  if (event.target.closest("[data-take-all]")) { offers().filter(isAgreed).forEach(take); return; }
  if (!offer) return;
  const button = event.target.closest("[data-take], [data-refuse], [data-back]");
  if (!button) return;
  event.preventDefault();
  if ("take" in button.dataset) { take(offer); step(offer, 1) || offer.focus(); }
  else if ("refuse" in button.dataset) { refuse(offer); step(offer, 1) || offer.focus(); }
  else takeBack(offer);
});

found.addEventListener("keydown", (event) => {
  const offer = event.target.closest("[data-mention]");
  if (!offer || event.target.closest("button") || event.altKey || event.ctrlKey || event.metaKey) return;
  const acts = {
    ArrowDown: () => step(offer, 1),
    ArrowUp: () => step(offer, -1),
    Enter: () => { take(offer); step(offer, 1); },
    Delete: () => { refuse(offer); step(offer, 1); },
  };
  if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
});

function step(offer, by) {
  const all = offers();
  const next = all[all.indexOf(offer) + by];
  if (!next) return false;
  for (const each of all) each.tabIndex = each === next ? 0 : -1;
  next.focus();
  return true;
}

// --- A new text ---------------------------------------------------------------------------------------------------
// A session that has ended answers with the sign-in page: that is nothing found.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target === found && !(event.detail.serverResponse || "").includes("data-found")) event.detail.shouldSwap = false;
});
document.body.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === found) begin(); });

report.addEventListener("dragover", (event) => { event.preventDefault(); report.classList.add("dropping"); });
report.addEventListener("dragleave", () => report.classList.remove("dropping"));
report.addEventListener("drop", async (event) => {
  const [file] = event.dataTransfer.files;
  report.classList.remove("dropping");
  if (!file) return; // words that were dragged from another window drop by themselves
  event.preventDefault();
  if (!(file.type === "text/plain" || /\.txt$/i.test(file.name)) || file.size > 4 * LONGEST_REPORT) { announce(words.notText); return; }
  const text = decoded(await file.arrayBuffer());
  if (text.length > LONGEST_REPORT) { announce(words.notText); return; }
  report.value = text;
  report.dispatchEvent(new Event("input", { bubbles: true }));
  report.focus();
});

// Hospitals in China still write GB 18030.
function decoded(bytes) {
  try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { return new TextDecoder("gb18030").decode(bytes); }
}

begin();
