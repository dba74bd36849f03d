// The room: steps of the desk as tabs, options ranked by the order of clicking, more rows, and a warning
// before typed entries are lost. Everything works without this file; it only saves clicks.
"use strict";

const tabs = [...document.querySelectorAll("[role=tab]")];
const desk = document.getElementById("decide");

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
}

go(tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.id.replace("tab-", "") ?? "proposal");

document.addEventListener("click", (event) => {
  const step = event.target.closest("[role=tab], [data-go]");
  if (!step || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  go(step.dataset.go || step.id.replace("tab-", ""));
});

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
  const dissent = document.querySelector("[data-rows=dissents] [data-add]");
  if (event.key.toLowerCase() === "d" && dissent) {
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

// --- The reason, where the choice departs from the proposal ----------------------------------------------------
const reason = document.querySelector("[data-reason]");

function showReason() {
  const chosen = desk.querySelector("[name=category]:checked")?.value;
  const { proposed, possible } = reason.dataset;
  const agrees = !chosen || (proposed ? chosen === proposed : possible.split(" ").includes(chosen));
  reason.hidden = agrees && !reason.querySelector(".is-invalid");
}

if (reason) {
  showReason();
  desk.addEventListener("change", (event) => { if (event.target.name === "category") showReason(); });
}

// --- Rows: dissents and next steps -------------------------------------------------------------------------------
function isBlank(row) {
  return [...row.querySelectorAll("input, select")].every((field) => !field.value) && !row.querySelector(".is-invalid");
}

for (const part of document.querySelectorAll("[data-rows]")) {
  const rows = () => [...part.querySelectorAll(":scope > [data-row]")];
  const total = part.querySelector("[name$=TOTAL_FORMS]");
  const template = part.querySelector("template");
  const keepOne = part.dataset.rows === "steps";
  let blanks = 0;
  for (const row of rows()) if (isBlank(row)) row.hidden = !(keepOne && blanks++ === 0 && rows().every(isBlank));
  part.addEventListener("click", (event) => {
    const removed = event.target.closest("[data-remove]")?.closest("[data-row]");
    if (removed) {
      for (const field of removed.querySelectorAll("input, select")) field.value = "";
      removed.hidden = true;
      part.querySelector("[data-add]").focus();
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
    row.querySelector("select, input").focus();
  });
}

// --- Nothing typed is lost unasked ------------------------------------------------------------------------------------
let isDirty = Boolean(document.getElementById("desk-errors"));
desk?.addEventListener("input", () => { isDirty = true; });
desk?.addEventListener("submit", () => { isDirty = false; });
window.addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
document.getElementById("desk-errors")?.focus();
