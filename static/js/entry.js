// Entering facts: putting a value into the controls of a fact, undoing entries, the value of before by one key.
// Needs findings.js.
"use strict";

// --- The controls of one fact -------------------------------------------------------------------------------
function fieldOf(name) {
  return form.querySelector(`[data-field="${CSS.escape(name)}"]`);
}

function rowSays(row) {
  return {
    segments: [...row.querySelectorAll("input[type=checkbox]:checked[name$=-segments]")].map((box) => box.value),
    diameter: row.querySelector("[name$=-diameter]").value,
    nature: row.querySelector("select[name$=-nature]").value,
    vessel: row.querySelector("select[name$=-vessel]").value,
  };
}

function setRow(row, said) {
  for (const box of row.querySelectorAll("input[name$=-segments]")) box.checked = (said.segments || []).includes(box.value);
  for (const part of ["diameter", "nature", "vessel"]) {
    const control = row.querySelector(`[name$=-${part}]`);
    const value = Array.isArray(said[part]) ? said[part][0] || "" : said[part] || "";
    if (control.tagName === "SELECT" && value && ![...control.options].some((option) => option.value === value)) {
      control.add(new Option(value, value));
    }
    control.value = value;
  }
}

// Controls of a field outside of the lesion rows. A box that is no fact (date, report, words) is a field of its own.
function controlsOf(field) {
  if (!field.matches("[data-field], fieldset")) return [field];
  return [...field.querySelectorAll("input, select, textarea")].filter((control) => !control.closest("tr, template"));
}

const isBox = (control) => ["checkbox", "radio"].includes(control.type);
const valueOf = (control) => (isBox(control) ? control.checked : control.value);

function setValue(control, value) {
  if (isBox(control)) control.checked = value;
  else control.value = value;
}

// What was taken over or put aside of the report: of one fact, or of all where the report itself is asked about.
function choicesOf(field) {
  const offers = document.querySelectorAll(field.matches("[data-report]") ? "[data-mention]" : `[data-mention][data-fact="${CSS.escape(field.dataset.field || "")}"]`);
  return Object.fromEntries([...offers].filter((offer) => ["taken", "refused"].includes(offer.dataset.how)).map((offer) => [offer.dataset.mention, offer.dataset.how]));
}

// Everything that stands in a field, to be put back later: its rows themselves, so that a removed one comes back as it was.
function snapshot(field) {
  const rows = field.matches("[data-field]") && field.querySelector("[data-lesions]");
  return {
    controls: controlsOf(field).map((control) => [control, valueOf(control)]),
    rows: rows ? [...rows.rows].map((row) => [row, [...row.querySelectorAll("input, select")].map((control) => [control, valueOf(control)])]) : null,
    choices: choicesOf(field),
    isFact: field.matches("[data-field]"),
  };
}

// A choice is a step of the fact that it is about, not of the report.
function same(one, other) {
  const says = (rows) => rows && rows.map(([, values]) => values.filter(([control]) => control.type !== "hidden").map(([control, value]) => [control.value, value])).filter((row) => row.some(([, value]) => value));
  const plain = (each) => JSON.stringify([each.controls.map(([, value]) => value), says(each.rows), each.isFact && Object.entries(each.choices).sort()]);
  return plain(one) === plain(other);
}

function putBack(field, earlier) {
  for (const [control, value] of earlier.controls) setValue(control, value);
  if (earlier.rows) {
    lesions.replaceChildren(...earlier.rows.map(([row]) => row));
    for (const [, values] of earlier.rows) for (const [control, value] of values) setValue(control, value);
    if (!lesions.rows.length) lesions.append(newRow());
    number();
  }
}

// Tells the autosave, the column on the right and the picture.
function tell(field) {
  (field.querySelector("[data-lesions]") || field).dispatchEvent(new Event("input", { bubbles: true }));
}

function setRows(said) {
  lesions.replaceChildren();
  for (const each of said.length ? said : [{}]) {
    const row = newRow();
    setRow(row, each);
    lesions.append(row);
  }
  number();
}

// Opens the groups around a field. Where "More facts" was folded, of its groups only those that hold something.
function unfold(field) {
  const more = field.closest("details.more-facts:not(.more-group)");
  if (more && !more.open) for (const group of more.querySelectorAll("details.more-group")) group.open = [...group.querySelectorAll("[data-field]")].some(standing);
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

// Puts what the server described (cases/forms/report_words.py, as_controls) into the controls of its fact.
function fillField(fill) {
  const field = fieldOf(fill.name);
  const boxes = [...field.querySelectorAll("input[type=checkbox]")].filter((box) => !box.closest("tr, template"));
  unfold(field);
  if (!fill.adds) for (const box of boxes) box.checked = false;
  for (const box of boxes) {
    if (box.matches("[data-apart]")) box.checked = fill.adds ? box.checked && box.dataset.apart === "one_of" : fill.apart.includes(box.value);
    else if (fill.values.includes(box.value)) box.checked = true;
  }
  const text = field.querySelector("[data-number], [data-day], [data-text]");
  if (text) text.value = fill.values[0] || "";
  if (fill.kind === "lesions") setRows(fill.adds ? [...[...lesions.rows].filter(isFilled).map(rowSays), ...fill.rows] : fill.rows);
  if (fill.kind === "sites") fillSites(field, fill);
  (fill.kind === "lesions" ? lesions : field).dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function fillSites(field, fill) {
  for (const row of fill.rows) {
    for (const part of ["count", "side"]) {
      const control = field.querySelector(`[name="${fill.name}-${row.site[0]}-${part}"]`);
      if (control && row[part]) control.value = row[part][0];
    }
  }
}

// --- Undo: one history of the whole page, taken back by one key ---------------------------------------------------
const undoButton = document.querySelector("[data-undo-entry]");
const LONGEST_UNDO = 100; // steps
const stood = new Map();
const done = []; // each step is a list of [field, what stood in it before]: taking over many facts at once is one step
let together = null;

const ALONE = "[name=examined_on], [name=reason], [name=report_text], [name=impression]";
const fieldAt = (target) => target?.closest("[data-field], #id_restaging") || target?.closest(ALONE);
for (const field of form.querySelectorAll(`[data-field], #id_restaging, ${ALONE}`)) stood.set(field, snapshot(field));

function keepStep(field) {
  const now = snapshot(field);
  const before = stood.get(field);
  if (!before) return;
  stood.set(field, now);
  if (same(now, before)) return;
  if (together) together.push([field, before]); else addStep([[field, before]]);
}

function addStep(step) {
  done.push(step);
  if (done.length > LONGEST_UNDO) done.shift();
  undoButton.disabled = false;
}

// What `act` changes is undone at once.
function asOneStep(act) {
  together = [];
  act();
  if (together.length) addStep(together);
  together = null;
}

// Sentences of the report were found anew: what was chosen before stands as it stands now.
function choicesAreNew() {
  for (const [field, before] of stood) before.choices = choicesOf(field);
}

function undo() {
  const typing = fieldAt(document.activeElement);
  if (typing) keepStep(typing); // the box that one is still in
  const step = done.pop();
  if (!step) { announce(words.nothingToUndo); return; }
  const focused = document.activeElement;
  for (const [field, before] of step.reverse()) {
    putBack(field, before);
    form.dispatchEvent(new CustomEvent("entry:undone", { detail: { field, choices: before.choices } }));
    stood.set(field, snapshot(field));
    tell(field);
  }
  undoButton.disabled = !done.length;
  announce(words.undone.replace("%(field)s", [...new Set(step.map(([field]) => nameOf(field)))].join(words.semicolon)));
  showUndone(step[step.length - 1][0], focused);
}

function nameOf(field) {
  const label = field.querySelector("legend, label") || form.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  return (label?.firstChild?.textContent || "").trim();
}

// The focus stays where somebody works (in the field, on an offer, on the button); else it goes to what came back.
function showUndone(field, focused) {
  const stays = focused?.isConnected && (field.contains(focused) || focused.closest("[data-found]") || (focused === undoButton && !undoButton.disabled));
  if (!stays) (field.matches(ALONE) ? field : field.querySelector("input:not([type=hidden]), select, textarea") || field).focus({ preventScroll: true });
  if (!focused?.closest("[data-found]")) field.scrollIntoView({ block: "nearest" });
}

form.addEventListener("change", (event) => {
  const field = fieldAt(event.target);
  if (field) keepStep(field);
});
// A paste is a step of its own, at once; whatever is typed can be undone before its box is left.
form.addEventListener("paste", (event) => {
  const field = fieldAt(event.target);
  if (field) keepStep(field);
});
form.addEventListener("input", (event) => {
  const field = event.isTrusted && fieldAt(event.target);
  if (!field) return;
  undoButton.disabled = false;
  if (["insertFromPaste", "insertFromDrop"].includes(event.inputType)) keepStep(field);
});
// Adding, moving and removing a lesion tells its table or row of it, and is no "change" of a control.
form.addEventListener("input", (event) => { if (event.target.matches("[data-lesions], [data-lesions] tr")) keepStep(fieldAt(lesions)); });
undoButton?.addEventListener("click", undo);

// --- The value of before --------------------------------------------------------------------------------------
function sameAsBefore(field) {
  const button = field?.querySelector("[data-last]");
  if (!button) { announce(words.noLast); return; }
  fillField(JSON.parse(button.dataset.last));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-last]");
  if (button) sameAsBefore(button.closest("[data-field]"));
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.code === "KeyZ" && !event.shiftKey) { event.preventDefault(); undo(); }
  if (event.code === "KeyL") { event.preventDefault(); sameAsBefore(document.activeElement?.closest("[data-field]")); }
});
