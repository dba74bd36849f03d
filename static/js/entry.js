// Entering facts: putting a value into the controls of a fact, taking the last entry back, the value of before by one key.
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

// Everything that stands in the controls of a field, to be put back later.
function snapshot(field) {
  const rows = field.querySelector("[data-lesions]");
  const controls = [...field.querySelectorAll("input, select, textarea")].filter((control) => !control.closest("tr, template"));
  return {
    controls: controls.map((control) => [control, control.type === "checkbox" ? control.checked : control.value]),
    rows: rows ? [...rows.rows].filter(isFilled).map(rowSays) : null,
  };
}

function same(one, other) {
  const plain = (each) => JSON.stringify([each.controls.map(([control, value]) => [control.name, control.value, value]), each.rows]);
  return plain(one) === plain(other);
}

function restore(field, earlier) {
  for (const [control, value] of earlier.controls) {
    if (control.type === "checkbox") control.checked = value;
    else control.value = value;
  }
  if (earlier.rows) setRows(earlier.rows);
  (earlier.rows ? lesions : field).dispatchEvent(new Event("input", { bubbles: true })); // the picture follows the table
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

// Puts what the server described (cases/forms/report_words.py, as_controls) into the controls of its fact.
function fillField(fill) {
  const field = fieldOf(fill.name);
  const boxes = [...field.querySelectorAll("input[type=checkbox]")].filter((box) => !box.closest("tr, template"));
  field.closest("details")?.setAttribute("open", "");
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

// --- Undo ---------------------------------------------------------------------------------------------------
const undoButton = document.querySelector("[data-undo-entry]");
const stood = new Map();
const done = [];
for (const field of form.querySelectorAll("[data-field]")) stood.set(field, snapshot(field));

function keepStep(field) {
  const now = snapshot(field);
  const before = stood.get(field);
  if (same(now, before)) return;
  stood.set(field, now);
  done.push([field, before]);
  undoButton.disabled = false;
}

function undo() {
  if (document.activeElement?.closest("[data-field]")) keepStep(document.activeElement.closest("[data-field]"));
  const last = done.pop();
  undoButton.disabled = !done.length;
  if (!last) { announce(words.nothingToUndo); return; }
  const [field, before] = last;
  restore(field, before);
  stood.set(field, snapshot(field));
  field.dispatchEvent(new CustomEvent("entry:undone", { bubbles: true, detail: { name: field.dataset.field } }));
  const legend = (field.querySelector("legend, label")?.firstChild?.textContent || "").trim();
  announce(words.undone.replace("%(field)s", legend));
  (field.querySelector("input:not([type=hidden]), select, textarea") || field).focus();
}

form.addEventListener("change", (event) => {
  const field = event.target.closest("[data-field]");
  if (field) keepStep(field);
});
// Adding and removing a lesion tells the table of it, and is no "change" of a control.
lesions?.addEventListener("input", (event) => { if (event.target === lesions) keepStep(lesions.closest("[data-field]")); });
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
  if (event.code === "KeyZ") { event.preventDefault(); undo(); }
  if (event.code === "KeyL") { event.preventDefault(); sameAsBefore(document.activeElement?.closest("[data-field]")); }
});
