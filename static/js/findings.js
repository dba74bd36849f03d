// The findings form: says at once how each fact now stands, adds and removes lesions, keeps an eye on the draft.
// The form works without this file; the server reads the same words (cases/forms/wording.py) and has the last word.
"use strict";

const form = document.getElementById("finding");
const words = JSON.parse(form.dataset.words);
let autosaveFailed = false;
let leaving = false;

// --- How a fact stands -----------------------------------------------------------------------------------
const NUMBER = "(\\d+(?:\\.\\d+)?)";
const READERS = [
  [new RegExp(`^${NUMBER}$`), () => ["known", words.known]],
  [new RegExp(`^${NUMBER}\\s*(?:-|–|—|~|to|至|到)\\s*${NUMBER}$`), (found) => (Number(found[1]) <= Number(found[2]) ? ["part", fill(words.range, found)] : null)],
  [new RegExp(`^(?:≥|>=|at least|minimum|from|not less than|至少|不少于|不小于|大于等于)\\s*${NUMBER}$`), (found) => ["part", fill(words.least, found)]],
  [new RegExp(`^${NUMBER}\\s*(?:or more|及以上|以上)$`), (found) => ["part", fill(words.least, found)]],
  [new RegExp(`^(?:≤|<=|up to|at most|maximum|not more than|不超过|不大于|至多|最多|小于等于)\\s*${NUMBER}$`), (found) => ["part", fill(words.most, ["", "", found[1]])]],
  [new RegExp(`^${NUMBER}\\s*(?:or less|or fewer|及以下|以下|以内)$`), (found) => ["part", fill(words.most, ["", "", found[1]])]],
  [new RegExp(`^${NUMBER}(?:\\s*(?:or|或者|或)\\s*${NUMBER})+$`), (found) => ["part", found[0].replace(/\s*(?:or|或者|或)\s*/g, words.or)]],
];

function fill(sentence, found) {
  return sentence.replace("%(low)s", found[1]).replace("%(high)s", found[2]);
}

function isWithin({ dataset }, text) {
  return text.match(/\d+(?:\.\d+)?/g).map(Number).every((number) => (
    !(number < dataset.min) && !(number <= dataset.above) && !(number > dataset.max) && (!("whole" in dataset) || Number.isInteger(number))
  ));
}

// "3.5 cm", "3,5cm" and "35毫米" are 35; null where units are mixed. The units come with the page (mdt/reading/lengths.py).
const LENGTH = new RegExp(`\\s*(${Object.keys(words.lengths).join("|")})`, "g");

function inMillimetres(text) {
  const factors = new Set([...text.matchAll(LENGTH)].map((found) => words.lengths[found[1]]));
  if (!factors.size) return text;
  if (factors.size > 1) return null;
  const [factor] = factors;
  const bare = text.replace(LENGTH, "").replace(/(\d),(\d{1,2})(?!\d)/g, "$1.$2").trim();
  return factor === 1 ? bare : bare.replace(/\d+(?:\.\d+)?/g, (number) => String(Number((number * factor).toFixed(4))));
}

function readNumber(input) {
  let text = input.value.normalize("NFKC").trim().toLowerCase().replace(/\s+/g, " ");
  const unit = input.parentElement.querySelector(".muted")?.textContent.trim().toLowerCase();
  if (words.lengths[unit] === 1) {
    text = inMillimetres(text);
    if (text === null) return ["wrong", words.unclear];
  }
  if (unit && text.endsWith(unit)) text = text.slice(0, -unit.length).trim();
  if (!text) return null;
  for (const [pattern, answer] of READERS) {
    const found = text.match(pattern);
    if (found) return isWithin(input, text) && answer(found) || ["wrong", words.wrong];
  }
  if ("whole" in input.dataset && /^[<>]\s*\d+$/.test(text)) return ["part", text];
  return ["wrong", words.unclear];
}

function readDay(input) {
  const text = input.value.trim();
  if (!text) return null;
  if (/^\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?$/.test(text)) return ["known", words.known];
  return /^\D*\d{4}/.test(text) ? ["part", words.part] : ["wrong", words.unclear];
}

function readChips(field) {
  const chosen = [...field.querySelectorAll(".chips input[type=checkbox]:checked:not([data-apart])")];
  if (!chosen.length) return null;
  const chips = chosen[0].closest(".chips");
  const either = chosen.length > 1 && ("either" in chips.dataset || Boolean(field.querySelector("[data-apart=one_of]:checked")));
  const labels = chosen.map((box) => box.nextElementSibling.textContent);
  return either ? ["part", labels.join(words.or)] : ["known", words.known];
}

function standing(field) {
  const apart = field.querySelector("[data-apart]:checked:not([data-apart=one_of])");
  if (apart) return apart.dataset.apart === "not_applicable" ? ["na", words.na] : ["known", words.known];
  const input = field.querySelector("[data-number], [data-day], [data-text]");
  if (!input) return field.querySelector("[data-lesions]") ? readLesions(field) : readChips(field);
  if (input.matches("[data-number]")) return readNumber(input);
  if (input.matches("[data-day]")) return readDay(input);
  return input.value.trim() ? ["known", words.known] : null;
}

function readLesions(field) {
  return [...field.querySelectorAll("[data-lesions] tr")].some(isFilled) ? ["known", words.known] : null;
}

function show(field) {
  const stand = field.querySelector("[data-stand]");
  if (!stand) return;
  const said = standing(field);
  const follows = !said && stand.dataset.kind === "unknown" && JSON.parse(document.getElementById("following").dataset.following)[field.dataset.field];
  const [kind, word] = said || (follows && ["known", follows[0]]) || [stand.dataset.kind, stand.dataset.base];
  const badge = stand.querySelector(".state");
  badge.className = words.looks[kind][0];
  badge.querySelector("i").className = `bi bi-${words.looks[kind][1]}`;
  badge.querySelector("[data-word]").textContent = word;
  stand.querySelector("[data-untyped]").hidden = Boolean(said || follows);
  const why = stand.querySelector("[data-follows]");
  why.hidden = !follows;
  why.textContent = follows ? follows[1] : "";
  stand.querySelector("[data-typed]").hidden = !said;
  for (const chips of field.querySelectorAll(".chips")) {
    chips.classList.toggle("either", kind === "part" && Boolean(chips.querySelector("input:checked:not([data-apart])")));
  }
}

// What follows from other facts stands in its empty field at once, and again with every kept draft.
function showFollowing() {
  const now = JSON.parse(document.getElementById("following").dataset.following);
  for (const stand of form.querySelectorAll("[data-stand]")) {
    const field = stand.closest("[data-field]"), said = (now[field.dataset.field] || []).join();
    if (said === (stand.dataset.followed || "")) continue; // nothing new is to be read out
    stand.dataset.followed = said;
    show(field);
  }
}
document.body.addEventListener("htmx:oobAfterSwap", (event) => { if (event.detail.target?.id === "following") showFollowing(); });

// What stands apart ("looked for, none", "does not apply", "as recorded") excludes everything else of its field.
function settleApart(field, changed) {
  const isAlone = (box) => box.matches("[data-apart]:not([data-apart=one_of])");
  if (changed.type === "checkbox" && changed.checked && isAlone(changed)) {
    for (const box of field.querySelectorAll("input[type=checkbox]")) if (box !== changed) box.checked = false;
    for (const input of field.querySelectorAll("[data-number], [data-day], [data-text], .organ-more input, .organ-more select, [data-lesions] input:not([type]), [data-lesions] input[type=text], [data-lesions] select")) input.value = "";
  } else if (changed.type !== "checkbox" ? changed.value.trim() : changed.checked) {
    for (const box of field.querySelectorAll("[data-apart]")) if (isAlone(box)) box.checked = false;
  }
}

// An organ that is taken back takes its number and side with it.
function settleOrgan(box) {
  if (box.checked) return;
  for (const detail of box.parentElement.querySelectorAll(".organ-more input, .organ-more select")) detail.value = "";
}

form.addEventListener("input", (event) => {
  const field = event.target.closest("[data-field]");
  if (!field) return;
  if (event.target.matches("input, select, textarea")) settleApart(field, event.target);
  else if (event.target === lesions && [...lesions.rows].some(isFilled)) settleApart(field, { type: "picture", value: "a lesion" });
  if (event.target.matches(".organ > input[type=checkbox]")) settleOrgan(event.target);
  show(field);
});

// --- Lesions ---------------------------------------------------------------------------------------------
const lesions = form.querySelector("[data-lesions]");
const blank = form.querySelector("[data-lesion-row]");
let lastNumber = 0;

function isFilled(row) {
  return [...row.querySelectorAll("input:not([type=checkbox]):not([type=hidden]), select")].some((input) => input.value.trim()) || Boolean(row.querySelector("input:checked, input[type=hidden]"));
}

function number() {
  [...lesions.rows].forEach((row, index) => {
    const n = String(index + 1);
    row.querySelector("[data-n]").textContent = n;
    for (const part of row.querySelectorAll("[data-label]")) part.setAttribute("aria-label", part.dataset.label.replace("{n}", n));
  });
}

function newRow() {
  const row = blank.content.querySelector("tr").cloneNode(true);
  lastNumber += 1;
  for (const part of row.querySelectorAll("[id], [name], [for]")) {
    for (const attribute of ["id", "name", "for"]) {
      if (part.hasAttribute(attribute)) part.setAttribute(attribute, part.getAttribute(attribute).replace("__n__", lastNumber));
    }
  }
  return row;
}

function addLesion() {
  const last = lesions.rows[lesions.rows.length - 1];
  if (last && !isFilled(last)) { last.querySelector("input").focus(); return; }
  const row = newRow();
  const nature = (line) => line.querySelector("select[name$=-nature]");
  if (last) nature(row).value = nature(last).value; // most lists hold lesions of one nature; it is seen and can be changed
  lesions.append(row);
  number();
  changed(words.added, lesions.rows.length);
  row.querySelector("input").focus();
}

function removeLesion(row) {
  const place = row.rowIndex;
  const next = row.nextElementSibling || row.previousElementSibling;
  row.remove();
  if (!lesions.rows.length) lesions.append(newRow());
  number();
  changed(words.removed, place);
  (next || lesions.rows[0]).querySelector("input").focus();
}

// Tells the autosave, the column on the right, and who listens.
function changed(sentence, n) {
  lesions.dispatchEvent(new Event("input", { bubbles: true }));
  announce(sentence.replace("%(n)s", n));
}

if (lesions) {
  for (const row of [...lesions.querySelectorAll("[data-spare]")]) row.remove();
  for (const row of lesions.rows) lastNumber = Math.max(lastNumber, Number(row.querySelector("input").name.match(/-(\d+)-/)[1]));
  lastNumber += 100; // numbers that a reloaded page may use again do not meet those of rows already there
  if (!lesions.rows.length) lesions.append(newRow());
  number();
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-add]")) addLesion();
    const remove = event.target.closest("[data-remove]");
    if (remove) removeLesion(remove.closest("tr"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && event.code === "KeyN") { event.preventDefault(); addLesion(); }
  });
}

// --- The draft -------------------------------------------------------------------------------------------
function draftFailed(sentence) {
  autosaveFailed = true;
  const state = document.getElementById("draft-state");
  const badge = document.createElement("span");
  badge.className = words.looks.wrong[0];
  badge.dataset.draft = "refused";
  badge.textContent = sentence;
  state.replaceChildren(badge);
}

for (const kind of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.body.addEventListener(kind, (event) => { if (event.target === form) draftFailed([401, 403].includes(event.detail.xhr?.status) ? words.signedOut : words.unsaved); });
}
// htmx sends a form to where the button that was pressed last in it would, also when that button is gone: the draft of
// whoever took over a fact went to the reading of the report, and was not kept.
document.body.addEventListener("htmx:configRequest", (event) => { if (event.target === form) event.detail.path = form.getAttribute("hx-post"); });
// A session that has ended answers with the sign-in page: that is no saved draft.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.elt !== form && event.detail.requestConfig?.elt !== form) return;
  const answer = event.detail.serverResponse || "";
  if (!answer.includes("data-draft=")) { event.detail.shouldSwap = false; draftFailed(words.signedOut); return; }
  autosaveFailed = answer.includes('data-draft="refused"');
});

// Enter in a field never leaves the page: a browser would press the first button of the form for it. A box of its own
// text, a button and Ctrl Enter (app.js) keep their meaning.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input:not([type=submit], [type=button], [type=file])")) event.preventDefault();
});

form.addEventListener("submit", () => {
  leaving = true;
  htmx.trigger(form, "htmx:abort");
});
// An autosave that was put off until after the submit has nothing to keep any more.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (leaving && event.detail.elt === form) event.preventDefault();
});
window.addEventListener("beforeunload", (event) => {
  if (autosaveFailed && !leaving) event.preventDefault();
});

// A refused page begins at its messages.
const problems = document.getElementById("problems");
if (problems) problems.focus();

// --- Asked for by a worklist, or by the bar: the fact that the address names ----------------------------------
function showAsked(name) {
  const asked = name && form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  if (!asked) return false;
  unfold(asked);
  form.querySelector(".asked-for")?.classList.remove("asked-for");
  asked.classList.add("asked-for");
  asked.querySelector("input, select, textarea")?.focus({ preventScroll: true });
  asked.scrollIntoView({ block: "center" });
  return true;
}

if (document.getElementById("following")) showFollowing();
showAsked(location.hash.slice(1));
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open-item]");
  if (link && showAsked(link.hash.slice(1))) event.preventDefault();
});
