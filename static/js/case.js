// The overview of a case on a phone: what one reads second is folded under its heading, and opens by a tap, by a link to it,
// or by its key. Without this file, on a wide screen and on paper everything stands open.
"use strict";
{
const grid = document.querySelector("[data-fold-show]");
const isNarrow = matchMedia("(max-width: 575.98px)");
const folds = new Map(); // section → its button

function setOpen(section, isOpen) {
  const button = folds.get(section);
  section.classList.toggle("folded", !isOpen);
  button.setAttribute("aria-expanded", String(isOpen));
  button.querySelector("[data-word]").textContent = isOpen ? grid.dataset.foldHide : grid.dataset.foldShow;
}

function buttonFor(section) {
  const button = document.createElement("button"), word = document.createElement("span"), icon = document.createElement("i");
  Object.assign(button, { type: "button", className: "btn btn-sm btn-bare fold no-print" });
  button.setAttribute("aria-describedby", section.getAttribute("aria-labelledby"));
  word.dataset.word = "";
  icon.className = "bi bi-chevron-down";
  icon.setAttribute("aria-hidden", "true");
  button.append(word, " ", icon);
  button.addEventListener("click", () => setOpen(section, section.classList.contains("folded")));
  section.querySelector(".panel-head").append(button);
  return button;
}

function foldAll() {
  for (const section of grid.querySelectorAll("[data-folds]")) {
    if (!folds.has(section)) folds.set(section, buttonFor(section));
    setOpen(section, !isNarrow.matches || section.contains(document.activeElement));
  }
  openAsked();
}

// A link into a folded part opens it: from the bar of this page, from a mail, from the search.
function openAsked() {
  const asked = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = asked && asked.closest("[data-folds]");
  if (!section || !section.classList.contains("folded")) return;
  setOpen(section, true);
  asked.scrollIntoView();
}

if (grid) {
  foldAll();
  isNarrow.addEventListener("change", foldAll);
  window.addEventListener("hashchange", openAsked);
  grid.addEventListener("focusin", (event) => { // its key, the search from everywhere, or a reader's own steps brought one here
    const section = event.target.closest(".folded");
    if (section && !event.target.closest(".fold")) setOpen(section, true);
  });
  document.addEventListener("click", (event) => { // the same link again is no new address
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) openAsked();
  });
}
}
