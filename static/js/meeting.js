// The room: steps of the desk as tabs, options ranked by the order of clicking, more rows, and a warning
// before typed entries are lost. Everything works without this file; it only saves clicks.
"use strict";

const tabs = [...document.querySelectorAll("[role=tab]")];
const desk = document.getElementById("decide");
const ownOpinion = document.getElementById("own-opinion");
const dissentForm = document.querySelector("#dissent form");

// --- Steps ------------------------------------------------------------------------------------------------
function go(name) {
  for (const tab of tabs) {
    const on = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
  }
  // Ctrl Enter sends only what is on the screen.
  desk?.toggleAttribute("data-ctrl-enter", name === "decide");
  ownOpinion?.toggleAttribute("data-ctrl-enter", name === "opinions");
  dissentForm?.toggleAttribute("data-ctrl-enter", name === "sign");
}

go(tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.id.replace("tab-", "") ?? "proposal");

document.addEventListener("click", (event) => {
  const step = event.target.closest("[role=tab], [data-go]");
  if (!step || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  go(step.dataset.go || step.id.replace("tab-", ""));
});

// Whoever goes to record a finding comes back to the step on which they were.
function wayBack() {
  const step = tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.id.replace("tab-", "");
  const { at, alone } = document.getElementById("room").dataset;
  return `${at}?step=${step ?? ""}${alone === undefined ? "" : "&alone=1"}`;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href*='/findings/record/']");
  if (!link) return;
  const address = new URL(link.href);
  address.searchParams.set("next", wayBack());
  link.href = address.href;
}, true);
document.addEventListener("submit", (event) => {
  if (event.target.querySelector("[name=from_note]")) event.target.querySelector("[name=next]").value = wayBack();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.target.matches("[role=tab]") && ["ArrowRight", "ArrowLeft"].includes(event.key)) {
    const next = tabs[(tabs.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
    go(next.id.replace("tab-", ""));
    next.focus();
  }
  // D from another step: app.js presses only what can be seen.
  const typing = event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
  if (event.defaultPrevented || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.documentElement.dataset.letters === "off" || document.querySelector("dialog[open]")) return;
  if (event.key.toLowerCase() !== "d") return;
  const dissent = document.querySelector("[data-rows=dissents] [data-add]");
  if (dissentForm) {
    // Something is recorded: the dissent is one action of its own.
    event.preventDefault();
    go("sign");
    dissentForm.closest("details").open = true;
    dissentForm.querySelector("textarea").focus();
  } else if (dissent) {
    event.preventDefault();
    go("decide");
    dissent.click();
  }
});

// --- Options, in the order in which they are clicked ----------------------------------------------------------
const options = [...document.querySelectorAll("[data-option]")];
const box = (row) => row.querySelector("[type=checkbox]");
const rank = (row) => row.querySelector("[type=number]");

function ranked() {
  return options.filter((row) => box(row).checked).sort((a, b) => (Number(rank(a).value) || 99) - (Number(rank(b).value) || 99));
}

function showRanks() {
  const order = ranked();
  for (const row of options) {
    const place = order.indexOf(row) + 1;
    row.classList.toggle("on", place > 0);
    rank(row).value = place || "";
    row.querySelector("[data-place]").textContent = place || "–";
  }
  const other = options.find((row) => box(row).value === "other");
  const words = document.getElementById("div_id_other");
  if (other && words) words.hidden = !box(other).checked && !words.querySelector(".is-invalid");
}

// Forty options: what is typed leaves those that hold its words, in their name, their conditions or their reasons, in
// either language. Nothing of it is sent or kept.
const sift = document.querySelector("[data-sift]");
const optionWords = JSON.parse(document.getElementById("option-words")?.textContent ?? "{}");
const wordsOf = new Map(options.map((row) => {
  const own = (optionWords.of?.[box(row).value] ?? []).map((place) => optionWords.said[place]);
  return [row, [row.querySelector("label").textContent, ...own].join("\n").toLowerCase()];
}));
sift?.addEventListener("input", (event) => {
  event.stopPropagation();
  const words = sift.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = options.filter((row) => {
    row.hidden = !words.every((word) => wordsOf.get(row).includes(word)) && !box(row).checked;
    return !row.hidden;
  });
  for (const folded of document.querySelectorAll("[data-options] details")) if (words.length) folded.open = shown.some((row) => folded.contains(row));
  sift.closest("p").querySelector("[data-shown]").textContent = words.length ? sift.dataset.says.replace("{n}", shown.length) : "";
});
sift?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey) return;
  event.preventDefault(); // it would record; here it goes to the first that was found
  const first = options.find((row) => !row.hidden && row.checkVisibility());
  if (first) box(first).focus();
});

for (const row of options) {
  const place = document.createElement("span");
  place.className = "n";
  place.dataset.place = "";
  place.setAttribute("aria-hidden", "true");
  row.append(place);
  row.classList.add("ranked");
  box(row).addEventListener("change", () => {
    if (box(row).checked) rank(row).value = ranked().length + 1;
    showRanks();
    if (box(row).checked && box(row).value === "other") document.getElementById("id_other")?.focus();
  });
}
if (options.length) showRanks();

// --- Options considered and rejected: one click each, or one for all the others -----------------------------------
function rejection(row) {
  const part = row.querySelector("[data-reject]");
  return part && { part, select: part.querySelector("select"), words: part.querySelector("input"), button: part.querySelector("[data-reject-now]") };
}

function showRejection(row) {
  const { part, select, button } = rejection(row);
  const is = Boolean(select.value);
  part.querySelector("[data-rejected]").hidden = !is;
  button.setAttribute("aria-expanded", String(is));
  row.classList.toggle("rejected", is);
}

function reject(row, reason) {
  const { select } = rejection(row);
  select.value = reason;
  showRejection(row);
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const row of options) {
  const found = rejection(row);
  if (!found) continue;
  showRejection(row);
  found.button.addEventListener("click", () => {
    reject(row, found.select.value ? "" : found.part.dataset.default);
    if (found.select.value) found.select.focus();
  });
  found.select.addEventListener("change", () => {
    showRejection(row);
    if (found.select.value === "other") found.words.focus();
  });
  box(row).addEventListener("change", () => { if (box(row).checked && found.select.value) reject(row, ""); });
}

document.querySelector("[data-reject-rest]")?.addEventListener("click", () => {
  for (const row of options) {
    const found = rejection(row);
    if (found && !box(row).checked && !found.select.value) reject(row, found.part.dataset.default);
  }
});

// --- The reason, where the choice departs from the proposal ----------------------------------------------------
const reason = document.querySelector("[data-reason]");

function showReason() {
  const chosen = desk.querySelector("[name=category]:checked")?.value;
  const { proposed, possible } = reason.dataset;
  const agrees = !chosen || (proposed ? chosen === proposed : possible.split(" ").includes(chosen));
  const first = ranked()[0];
  reason.hidden = agrees && first?.dataset.departs === undefined && !reason.querySelector(".is-invalid");
}

if (reason) {
  showReason();
  desk.addEventListener("change", (event) => { if (/^(category|options|rank_.*)$/.test(event.target.name)) showReason(); });
}

// --- What a record still needs, beside the button that asks for it: each word leads to its field ------------------------
const still = document.querySelector("[data-still]");

function isFilled(part) {
  const ticks = [...part.querySelectorAll("[name=category], [name=options]")];
  if (ticks.length) return ticks.some((tick) => tick.checked);
  return [...part.querySelectorAll("select, textarea, input")].every((field) => field.value.trim());
}

function showStill() {
  const isDeferred = desk.querySelector("[name=category]:checked")?.value === "deferred";
  const open = [...desk.querySelectorAll("[data-needed]")].filter((part) => !part.hidden && (part.dataset.needed || !isDeferred) && !isFilled(part));
  still.hidden = !open.length;
  still.querySelector("span").replaceChildren(...open.map((part) => {
    const link = document.createElement("button");
    link.type = "button";
    link.className = "btn btn-sm btn-bare";
    link.textContent = part.querySelector("legend, label").textContent.replace("*", "").trim();
    link.addEventListener("click", () => {
      part.scrollIntoView({ block: "start" });
      part.querySelector("select, textarea, input:not([type=hidden], [data-sift])").focus({ preventScroll: true });
    });
    return link;
  }));
}

if (still) {
  showStill();
  for (const kind of ["change", "input", "quorum"]) desk.addEventListener(kind, showStill);
}

// --- Rows: dissents and next steps -------------------------------------------------------------------------------
function isBlank(row) {
  return [...row.querySelectorAll("input, select:not([name$=trigger])")].every((field) => !field.value) && !row.querySelector(".is-invalid");
}

// A condition from the pathway's template: its words, to be changed; never a day.
function fill(row, template) {
  const put = (name, value) => { const field = row.querySelector(`[name$="-${name}"]`); if (field) field.value = value; };
  put("what", template.what);
  put("trigger", template.trigger);
  put("fact", template.fact);
  template.branches.forEach((branch, index) => {
    for (const name of ["if", "then", "option"]) put(`${name}_${index + 1}`, branch[name]);
  });
  showBranches(row);
  row.dispatchEvent(new Event("input", { bubbles: true }));
}

function showBranches(row) {
  const branches = [...row.querySelectorAll("[data-branch]")];
  branches.forEach((branch, index) => { branch.hidden = index > 0 && isBlank(branch); });
  const more = row.querySelector("[data-more-branch]");
  if (more) more.hidden = branches.every((branch) => !branch.hidden);
}

for (const part of document.querySelectorAll("[data-rows]")) {
  const rows = () => [...part.querySelectorAll(":scope > [data-row]")];
  const templates = JSON.parse(document.getElementById("condition-templates")?.textContent ?? "[]");
  const total = part.querySelector("[name$=TOTAL_FORMS]");
  const template = part.querySelector("template");
  const keepOne = part.dataset.rows === "steps";
  let blanks = 0;
  for (const row of rows()) showBranches(row);
  for (const row of rows()) if (isBlank(row)) row.hidden = !(keepOne && blanks++ === 0 && rows().every(isBlank));
  part.addEventListener("click", (event) => {
    const removed = event.target.closest("[data-remove]")?.closest("[data-row]");
    if (removed) {
      for (const field of removed.querySelectorAll("input, select")) {
        field.value = "";
        field.dispatchEvent(new Event("input", { bubbles: true })); // what is said of it goes with it
      }
      removed.hidden = true;
      part.querySelector("[data-add]").focus();
    }
    const more = event.target.closest("[data-more-branch]");
    if (more) {
      const next = [...more.closest("[data-row]").querySelectorAll("[data-branch]")].find((branch) => branch.hidden);
      next.hidden = false;
      more.hidden = !more.closest("[data-row]").querySelector("[data-branch][hidden]");
      next.querySelector("input").focus();
    }
    if (!event.target.closest("[data-add]")) return;
    let row = rows().find((each) => each.hidden);
    if (!row) {
      if (Number(total.value) >= Number(part.querySelector("[name$=MAX_NUM_FORMS]").value)) return;
      const holder = document.createElement("div");
      holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
      row = holder.firstElementChild;
      part.insertBefore(row, template);
      total.value = Number(total.value) + 1;
    }
    row.hidden = false;
    showBranches(row);
    const filled = templates.find((each) => each.id === event.target.closest("[data-add]").dataset.template);
    if (filled) fill(row, filled);
    row.querySelector(filled ? "[name$=review_on]" : "select, input").focus();
  });
}

// --- The owner of a step: who is responsible for the plan, until somebody else is chosen ---------------------------------
// Offered in sight and with its reason, where nobody was chosen; the reader's own choice is never changed.
const responsible = document.getElementById("id_responsible");

function offerOwner(row) {
  const owner = row.querySelector("[name$='-owner']");
  const note = row.querySelector("[data-offered-owner]");
  if (isBlank(row)) {
    note.hidden = true;
    delete row.dataset.ownerChosen;
  }
  const isFree = !("ownerChosen" in row.dataset) && (!owner.value || !note.hidden);
  if (!responsible?.value || !isFree || owner.value === responsible.value || !row.querySelector("[name$='-what']").value.trim()) return;
  owner.value = responsible.value;
  note.hidden = !owner.value;
  owner.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const part of document.querySelectorAll("[data-rows=steps]")) {
  part.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    if (event.target.matches("[name$='-owner']") && event.target.value !== responsible?.value) {
      row.dataset.ownerChosen = "";
      row.querySelector("[data-offered-owner]").hidden = true;
    }
    offerOwner(row);
  });
  responsible?.addEventListener("change", () => { for (const row of part.querySelectorAll(":scope > [data-row]")) offerOwner(row); });
}

// --- Days: the meetings to come as choices, and a word where the team does not work ------------------------------
const ahead = JSON.parse(document.getElementById("days-ahead")?.textContent ?? "null");

function offerMeetings(part) {
  for (const offer of part.querySelectorAll("[data-for-meeting]")) {
    const list = offer.querySelector("select");
    if (list.options.length > 1 || !ahead?.meetings.length) continue;
    for (const meeting of ahead.meetings) list.add(new Option(meeting.label, meeting.day));
    offer.hidden = false;
  }
}

function warnClosed(box) {
  const why = ahead?.closed[box.value];
  let said = box.parentElement.querySelector(".day-closed");
  if (!said) {
    if (!why) return;
    said = document.createElement("span");
    said.className = "day-closed state state-stale";
    said.setAttribute("role", "status");
    box.parentElement.append(said);
  }
  said.replaceChildren();
  if (!why) return;
  const icon = document.createElement("i");
  icon.className = "bi bi-calendar-x";
  icon.setAttribute("aria-hidden", "true");
  said.append(icon, document.getElementById("closed-words").dataset.says.replace("{why}", why));
}

if (desk && ahead) {
  const DAYS = "[data-row] input[type=date]";
  offerMeetings(desk);
  for (const box of desk.querySelectorAll(DAYS)) warnClosed(box);
  desk.addEventListener("click", (event) => { if (event.target.closest("[data-add]")) offerMeetings(desk); });
  desk.addEventListener("input", (event) => {
    if (event.target.matches(DAYS)) warnClosed(event.target);
    const list = event.target.matches("[data-for-meeting] select") ? event.target : null;
    if (!list?.value) return;
    const box = list.closest("[data-row]").querySelector("[name$=review_on]");
    box.value = list.value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// --- Nothing typed is lost unasked ------------------------------------------------------------------------------------
// Form by form: sending a note does not forget what stands at the desk. A form that was refused comes back as typed.
const typed = new Set([...document.querySelectorAll("#desk-errors, #conflict, [data-typed]")].map((part) => part.closest("form")));
const isDirty = () => [...typed].some((form) => form?.isConnected);
const guarded = (event) => event.target.closest("[data-dirty-guard]");
document.addEventListener("input", (event) => { if (guarded(event)) typed.add(guarded(event)); });
document.addEventListener("submit", (event) => typed.delete(guarded(event)));
for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(failed, (event) => { if (event.target.matches("[data-dirty-guard]")) typed.add(event.target); });
}
document.body.addEventListener("htmx:afterSwap", () => { for (const form of document.querySelectorAll("[data-typed]")) typed.add(form); });
window.addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });
(document.getElementById("conflict") ?? document.getElementById("desk-errors"))?.focus();

// --- The table was opened: show it, unless somebody is in the middle of their own opinion ------------------------------
document.body.addEventListener("table-opened", () => {
  if (isDirty()) document.getElementById("table-opened").hidden = false;
  else location.assign(document.getElementById("tab-opinions").href);
});
