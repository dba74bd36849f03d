// What was found in the pasted report: take over, not this, take back; a dropped text file. Needs findings.js, entry.js.
// Without this file each choice goes to the server, which keeps it in the draft.
"use strict";

const report = form.querySelector("[data-report]");
const found = document.getElementById("report-found");
const LONGEST_REPORT = 100000;
const seen = new Set();
const stoodBefore = new Map(); // key of an offer: what its field held before it was taken over
let chosenBefore = null; // choices that come back with an earlier text of the report
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
  const twin = takenOfAnotherDay(offer); // the field says it already: what stood there before is what stood before both
  stoodBefore.set(offer.dataset.mention, twin ? stoodBefore.get(twin.dataset.mention) : snapshot(fieldOf(fill.name)));
  choose(offer, "taken"); // first: the autosave that follows carries it
  if (!fill.adds) for (const other of offers()) if (other !== offer && other.dataset.how === "taken" && factOf(other) === fill.name && other.dataset.fill !== offer.dataset.fill) choose(other, "offered");
  fillField(fill);
  announce(words.taken);
}

function refuse(offer) {
  if (!isOpen(offer)) return;
  choose(offer, "refused");
  keepStep(fieldOf(factOf(offer)));
  report.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "choice" })); // the draft keeps it too
  announce(words.refused);
}

function takeBack(offer) {
  const fill = JSON.parse(offer.dataset.fill), field = fieldOf(fill.name), before = stoodBefore.get(offer.dataset.mention);
  const wasTaken = offer.dataset.how === "taken";
  choose(offer, "offered");
  if (wasTaken && fill.adds) withdraw(field, fill, before);
  else if (wasTaken && !fill.adds && takenOfAnotherDay(offer)) tell(field); // the value stays: another examination says it too
  else if (wasTaken && stillSays(field, fill)) before ? putBack(field, before) : fillField({ ...fill, values: [], apart: [], rows: [] });
  keepStep(field);
  tell(field);
  goTo(offer);
}

function takenOfAnotherDay(offer) {
  return offers().find((other) => other !== offer && other.dataset.how === "taken" && factOf(other) === factOf(offer) && other.dataset.fill === offer.dataset.fill);
}

// What was changed by hand since is not touched.
function stillSays(field, fill) {
  const said = controlsOf(field).filter((control) => (isBox(control) ? control.checked : control.value.trim())).map((control) => control.value);
  return JSON.stringify(said.sort()) === JSON.stringify([...fill.values, ...fill.apart].sort());
}

// Takes out the part that the offer added; the parts beside it stay.
function withdraw(field, fill, before) {
  for (const said of fill.rows) {
    const row = fill.kind === "lesions" && [...lesions.rows].find((each) => Object.entries(rowSays(each)).every(([part, value]) => String(value) === String(said[part] || "")));
    if (row) row.remove();
  }
  if (fill.kind === "lesions") { if (!lesions.rows.length) lesions.append(newRow()); number(); return; }
  const stoodThen = new Map(before?.controls);
  for (const box of controlsOf(field)) {
    if (!isBox(box) || !fill.values.includes(box.value) || stoodThen.get(box)) continue;
    box.checked = false;
    if (fill.kind === "sites") settleOrgan(box);
  }
}

function factOf(offer) {
  return offer.dataset.fact;
}

// An undone step takes the choices back with the values.
form.addEventListener("entry:undone", ({ detail: { field, choices } }) => {
  if (field === report) { chosenBefore = choices; return; }
  const isHere = found.contains(document.activeElement);
  for (const offer of offers()) {
    const how = choices[offer.dataset.mention] || "offered";
    if (!offer.dataset.fill || factOf(offer) !== field.dataset.field || offer.dataset.how === how) continue;
    choose(offer, how);
    if (isHere) goTo(offer);
  }
});

// --- All at once, when each was seen -----------------------------------------------------------------------------
const isAgreed = (offer) => isOpen(offer) && !["disagrees", "differs", "repeats", "elsewhere"].some((doubt) => doubt in offer.dataset) && fits(offer);

// What is typed already is not written over by taking many at once.
function fits(offer) {
  const fill = JSON.parse(offer.dataset.fill);
  return fill.adds || !standing(fieldOf(fill.name));
}

function count() {
  for (const [what, how] of [["open", "offered"], ["taken", "taken"]]) {
    const number = found.querySelector(`[data-${what}-count]`);
    if (number) number.textContent = offers().filter((offer) => offer.dataset.how === how).length;
  }
  const all = found.querySelector("[data-take-all]");
  if (!all) return;
  const agreed = offers().filter(isAgreed);
  const unseen = agreed.filter((offer) => !seen.has(offer));
  all.hidden = agreed.length < 2;
  all.classList.toggle("btn-primary", !unseen.length);
  all.classList.toggle("btn-quiet", unseen.length > 0);
  all.textContent = unseen.length ? words.lookFirst.replace("%(number)s", unseen.length) : (takesDay() ? words.takeAllAndDay : words.takeAll).replace("%(number)s", agreed.length);
}

// Nobody takes what they have not seen: until then the button leads to it.
function takeAll() {
  const agreed = offers().filter(isAgreed), unseen = agreed.find((offer) => !seen.has(offer));
  if (unseen) { goTo(unseen); unseen.scrollIntoView({ block: "center" }); return; }
  asOneStep(() => {
    if (takesDay()) takeDay(found.querySelector("[data-examined]"));
    agreed.forEach(take);
  });
  announce(words.takenTogether.replace("%(number)s", agreed.length));
  goTo(offers().find(isOpen) || agreed[0]); // the button is gone
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
    if (offer.dataset.fill && chosenBefore?.[offer.dataset.mention]) offer.dataset.how = chosenBefore[offer.dataset.mention];
    if (["taken", "refused"].includes(offer.dataset.how)) { buttonsOf.set(offer, freshButtons(offer)); choose(offer, offer.dataset.how); }
  });
  chosenBefore = null;
  choicesAreNew();
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
  if (event.target.closest("[data-take-all]")) { takeAll(); return; }
  if (!offer) return;
  const button = event.target.closest("[data-take], [data-refuse], [data-back]");
  if (!button) return;
  event.preventDefault();
  if ("take" in button.dataset) { take(offer); onwards(offer); }
  else if ("refuse" in button.dataset) { refuse(offer); onwards(offer); }
  else takeBack(offer);
});

// --- The day of the examination: offered beside the facts, and a field of its own ---------------------------------------
const examined = form.querySelector("[name=examined_on]");

function showDay() {
  const offer = found.querySelector("[data-examined]");
  if (!offer) return;
  const stands = examined.value === offer.dataset.examined;
  offer.querySelector("[data-take-day]").hidden = stands;
  offer.querySelector("[data-day-stands]").hidden = !stands;
  offer.querySelector("[data-day-differs]").hidden = stands || !examined.value || isDayUntouched();
  count();
}

// The day that the form offers by itself was stated by nobody: taking all at once may replace it, and no other.
const isDayUntouched = () => "offered" in examined.dataset && examined.value === examined.defaultValue;

function takesDay() {
  const offer = found.querySelector("[data-examined]");
  return Boolean(offer) && examined.value !== offer.dataset.examined && (!examined.value || isDayUntouched());
}

function takeDay(offer) {
  examined.value = offer.dataset.examined;
  for (const name of ["input", "change"]) examined.dispatchEvent(new Event(name, { bubbles: true })); // autosave, undo
  showDay();
  announce(words.taken);
}

examined.addEventListener("input", showDay);

found.addEventListener("click", (event) => {
  if (!event.target.closest("[data-take-day]")) return;
  event.preventDefault();
  takeDay(event.target.closest("[data-examined]"));
  const next = offers().find(isOpen);
  next ? goTo(next) : examined.focus();
});

found.addEventListener("keydown", (event) => {
  const offer = event.target.closest("[data-mention]");
  if (!offer || event.target.closest("button") || event.altKey || event.ctrlKey || event.metaKey) return;
  const acts = {
    ArrowDown: () => step(offer, 1),
    ArrowUp: () => step(offer, -1),
    Enter: () => { take(offer); onwards(offer); },
    Delete: () => { refuse(offer); onwards(offer); },
  };
  if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
});

function step(offer, by) {
  const all = offers();
  const next = all[all.indexOf(offer) + by];
  if (!next) return false;
  goTo(next);
  return true;
}

// On to the next that still waits for an answer; at the end, to one that was passed over.
function onwards(offer) {
  const all = offers(), place = all.indexOf(offer);
  goTo([...all.slice(place + 1), ...all.slice(0, place)].find(isOpen) || all[place + 1] || offer);
}

function goTo(offer) {
  for (const each of offers()) each.tabIndex = each === offer ? 0 : -1;
  offer.focus();
}

// --- A new text ---------------------------------------------------------------------------------------------------
// A session that has ended answers with the sign-in page: that is nothing found.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target === found && !(event.detail.serverResponse || "").includes("data-found")) event.detail.shouldSwap = false;
});
document.body.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === found) { begin(); showDay(); } });

report.addEventListener("dragover", (event) => { event.preventDefault(); report.classList.add("dropping"); });
report.addEventListener("dragleave", () => report.classList.remove("dropping"));
report.addEventListener("drop", (event) => {
  const [file] = event.dataTransfer.files;
  report.classList.remove("dropping");
  if (!file) return; // words that were dragged from another window drop by themselves
  event.preventDefault();
  takeFile(file);
});

// The same without dragging: a file that was chosen.
const picked = document.getElementById("report-file"), readFrom = document.getElementById("report-read-from");
const PATIENCE_WITH_FILE = 60000; // ms
picked.addEventListener("change", () => {
  if (picked.files[0]) takeFile(picked.files[0]);
  picked.value = "";
});

// One box, one file: whatever is answered late, what was given last holds. Nobody types into a text that is about to go.
let files = 0;

async function takeFile(file) {
  const turn = files += 1;
  refuseFile("");
  showReading(true);
  const { text, said, refused } = await contentOf(file);
  if (turn !== files) return; // another file was given meanwhile
  showReading(false);
  if (text) { fillReport(text, said); return; }
  refuseFile(refused);
  picked.focus();
}

function showReading(is) {
  readFrom.textContent = is ? words.reading : "";
  report.readOnly = is;
  is ? report.setAttribute("aria-busy", "true") : report.removeAttribute("aria-busy");
  picked.disabled = is;
}

async function contentOf(file) {
  const name = file.name.toLowerCase();
  if (file.type === "application/pdf" || words.fileKinds.some((kind) => name.endsWith(kind))) return readByServer(file);
  if (file.type !== "text/plain" && !name.endsWith(".txt")) return { refused: words.notText };
  let text = "";
  try { if (file.size <= 4 * LONGEST_REPORT) text = decoded(await file.arrayBuffer()); } catch { /* gone from the disk meanwhile, or a folder */ }
  return text && text.length <= LONGEST_REPORT && !text.includes("\0") ? { text, said: "" } : { refused: words.notText };
}

// PDF and Word files: the server takes the text out of them and keeps nothing.
async function readByServer(file) {
  if (file.size > words.largest) return { refused: words.tooLarge };
  const field = form.querySelector("input[name=csrfmiddlewaretoken]"), sends = new FormData();
  sends.append("file", file);
  try {
    const response = await fetch(picked.dataset.url, {
      method: "POST", body: sends, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_WITH_FILE),
      headers: { Accept: "application/json", "X-CSRFToken": freshToken(field.value) || field.value },
    });
    if (response.ok) {
      const answer = await response.json();
      return answer.text ? answer : { refused: answer.refused || words.notNow };
    }
    return { refused: words.whyNotRead[response.type === "opaqueredirect" ? 401 : response.status] || words.notNow };
  } catch { return { refused: words.notNow }; } // no connection, or a page instead of an answer
}

report.addEventListener("input", (event) => { if (event.detail !== "choice") readFrom.textContent = ""; }); // another text now

function fillReport(text, said) {
  keepStep(report); // what was typed so far is a step of its own
  report.value = text;
  keepStep(report);
  report.dispatchEvent(new Event("input", { bubbles: true }));
  report.focus();
  report.setSelectionRange(0, 0);
  report.scrollTop = 0;
  readFrom.textContent = said;
}

function refuseFile(why) {
  const note = document.getElementById("report-refused");
  note.hidden = !why;
  note.querySelector("[data-why]").textContent = why;
  if (why) announce(why);
}

// Hospitals in China still write GB 18030.
function decoded(bytes) {
  try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { return new TextDecoder("gb18030").decode(bytes); }
}

begin();
