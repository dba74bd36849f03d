// What was taken over from the report, above the form: each a link to its field, and whether it was changed since.
// Needs findings.js, entry.js, report.js.
"use strict";

const takenPanel = document.getElementById("taken");
const takenList = takenPanel.querySelector("[data-taken-list]");

// A part of a list still stands where one row says what the offer said, no less and no more: "nature not stated" is said too.
function stillStands(offer) {
  const fill = JSON.parse(offer.dataset.fill), field = fieldOf(fill.name);
  if (!fill.adds) return stillSays(field, fill);
  if (fill.kind === "lesions") {
    const rows = [...lesions.rows].map(rowSays);
    return fill.rows.every((said) => rows.some((row) => Object.entries(row).every(([part, value]) => String(value) === String(said[part] || ""))));
  }
  const chosen = controlsOf(field).filter((control) => isBox(control) && control.checked).map((control) => control.value);
  return fill.values.every((value) => chosen.includes(value));
}

function markTaken(offer) {
  const state = offer.querySelector("[data-choice] .state"), stands = stillStands(offer);
  if (!state || ("changed" in offer.dataset) === !stands) return;
  offer.toggleAttribute("data-changed", !stands);
  state.classList.toggle("state-ready", stands);
  state.classList.toggle("state-provisional", !stands);
  state.querySelector("i").className = `bi bi-${stands ? "check2" : "pencil"}`;
  state.lastChild.textContent = stands ? words.taken : words.changed;
}

function takenItem(offer) {
  const item = document.createElement("li"), link = document.createElement("a"), said = offer.querySelector("p");
  link.href = `#${factOf(offer)}`;
  link.dataset.openItem = "";
  link.textContent = words.says.replace("%(fact)s", said.querySelector("b").textContent).replace("%(value)s", said.lastChild.textContent.trim());
  item.append(link);
  if ("changed" in offer.dataset) {
    const changed = document.createElement("span");
    changed.className = "tag";
    changed.textContent = words.changed;
    item.append(" ", changed);
  }
  return item;
}

function showTaken() {
  const taken = offers().filter((offer) => offer.dataset.how === "taken" && offer.dataset.fill);
  taken.forEach(markTaken);
  takenList.replaceChildren(...taken.map(takenItem));
  takenPanel.hidden = !taken.length;
}

new MutationObserver(showTaken).observe(found, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-how"] });
for (const name of ["input", "change", "entry:undone"]) form.addEventListener(name, () => setTimeout(showTaken));
showTaken();
