// Search from anywhere (Ctrl K), words explained beside themselves, and the tour. Every page works without this file: search
// is a page, explanations show by pointer and focus alone, and the tour's steps are links.
"use strict";
{
// --- Search: a combobox; the server fills the list, the page adds what can be done on it --------------------------------
const palette = document.getElementById("palette");
if (palette) {
  const field = palette.querySelector("#palette-q"), list = palette.querySelector("#palette-list");
  const actions = palette.querySelector("#palette-actions"), said = palette.querySelector("#palette-said");
  let targets = [], opensNext = false;

  const options = () => [...list.querySelectorAll("[role=option]")].filter((each) => !each.closest("[hidden]"));

  function choose(option) {
    for (const each of list.querySelectorAll("[aria-selected=true]")) each.setAttribute("aria-selected", "false");
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", option.id);
    } else field.removeAttribute("aria-activedescendant");
  }

  // Whether the list answers what is typed now: who types fast must not open what was first a moment ago.
  const isFresh = () => list.querySelector("#found-said")?.dataset.asked === field.value.trim();

  // What answers something else is not shown: not to be read, and not to be opened.
  function showWaiting(is) {
    palette.querySelector("#palette-waits").hidden = !is;
    list.querySelector("#palette-found").hidden = is;
    is ? list.setAttribute("aria-busy", "true") : list.removeAttribute("aria-busy");
  }

  function step(by) {
    const every = options(), now = every.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (every.length) choose(every[now < 0 ? (by > 0 ? 0 : every.length - 1) : (now + by + every.length) % every.length]);
  }

  // What this page can do: its links that look like buttons, its tabs, and the parts that have a key. Links are followed; a
  // button is only brought to the fore, so that nothing is recorded by a slip in a list.
  function gather() {
    const found = document.querySelectorAll("main :is(a.btn, button.btn[data-key], .casetabs a, .tabs a, [data-key])");
    targets = [...new Set(found)].filter((each) => each.checkVisibility() && !each.closest("dialog, .option, .tour, form.offer, table, [role=table], [data-list]"));
    actions.querySelectorAll("[role=option]").forEach((each) => each.remove());
    targets.forEach((target, number) => {
      const name = (target.querySelector("h2, h3") || target).textContent.replace(/\s+/g, " ").trim();
      if (!name || name.length > 60) return;
      const option = document.createElement("a");
      option.setAttribute("role", "option");
      option.id = `palette-action-${number}`;
      option.tabIndex = -1;
      option.setAttribute("aria-selected", "false");
      option.dataset.target = number;
      option.href = target.href || "#";
      if (target.target) { option.target = target.target; option.rel = "noopener"; }
      const icon = document.createElement("i"), label = document.createElement("b");
      icon.className = "bi bi-arrow-return-right";
      icon.setAttribute("aria-hidden", "true");
      label.textContent = name;
      option.append(icon, label);
      actions.append(option);
    });
  }

  function sift() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const option of actions.querySelectorAll("[role=option]")) {
      const fits = words.every((word) => option.textContent.toLowerCase().includes(word)) && (words.length > 0 || shown < 4);
      option.hidden = !fits;
      if (fits) shown += 1;
    }
    actions.hidden = shown === 0;
    if (words.length) list.append(actions); else list.prepend(actions); // whoever types looks for a case more often
  }

  function open() {
    if (palette.open || document.querySelector("dialog[open]")) return;
    field.value = "";
    gather();
    sift();
    palette.showModal();
    field.focus();
    htmx.trigger(field, "palette-open");
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      if (palette.open) palette.close(); else open();
    } else if (event.key === "/" && !event.defaultPrevented && !isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey && !isOn("letters") && !document.querySelector("dialog[open]")) {
      event.preventDefault(); // the page has no search of its own
      open();
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens=palette]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    open();
  }, true);
  palette.addEventListener("click", (event) => {
    if (event.target === palette) { palette.close(); return; }
    const option = event.target.closest("[data-target]");
    if (!option) return;
    const target = targets[Number(option.dataset.target)];
    palette.close();
    if (target.matches("a[href]")) return; // its address is the option's
    event.preventDefault();
    if (!target.matches("button, input, select, textarea, summary")) target.tabIndex = -1;
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); step(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (isFresh()) (list.querySelector("[aria-selected=true]") || options()[0])?.click(); else opensNext = true;
    } else if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault(); // a search field would only be emptied by the first
      palette.close();
    }
  });
  field.addEventListener("input", () => { opensNext = false; sift(); choose(null); showWaiting(!isFresh()); });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option.getAttribute("aria-selected") !== "true") choose(option);
  });
  palette.addEventListener("htmx:afterSwap", () => {
    showWaiting(!isFresh());
    if (!isFresh()) return; // an answer to what was typed before; the next is on its way
    choose(field.value ? options()[0] : null);
    if (opensNext && isFresh()) { opensNext = false; options()[0]?.click(); }
    said.textContent = options().length ? list.querySelector("#found-said")?.textContent : said.dataset.none;
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    palette.addEventListener(name, () => { said.textContent = said.dataset.away; showWaiting(false); });
  }
}

// --- Words explained beside themselves: CSS shows them; this keeps them inside the window and lets Escape close them -----
function place(term) {
  const tip = term.querySelector(".termtip"), at = term.getBoundingClientRect();
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  tip.classList.add("placed"); // fixed: a table that scrolls would cut it off
  const box = tip.getBoundingClientRect();
  const below = at.bottom + box.height < height - 8 || at.top < box.height + 8;
  tip.style.setProperty("--x", `${Math.max(8, Math.min(at.left, width - box.width - 8))}px`);
  tip.style.setProperty("--y", `${below ? at.bottom : at.top - box.height}px`);
}
document.addEventListener("scroll", () => document.querySelectorAll(".term:is(:hover, :focus-within)").forEach(place), { capture: true, passive: true });
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const term = event.target.closest?.(".term");
    if (term) place(term);
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) {
    term.classList.add("shut");
    const again = () => { if (!term.matches(":hover, :focus-within")) { term.classList.remove("shut"); term.removeEventListener("pointerleave", again); term.removeEventListener("focusout", later); } };
    const later = () => setTimeout(again);
    term.addEventListener("pointerleave", again);
    term.addEventListener("focusout", later);
  }
});

// --- The tour: the card is on the page already; its part is marked, brought into sight, and Escape ends it ----------------
const card = document.getElementById("tour");
if (card) {
  const shown = document.querySelector(card.dataset.shows);
  if (shown && !shown.matches("main")) {
    shown.classList.add("tour-shown");
    shown.scrollIntoView({ block: shown.offsetHeight > window.innerHeight / 2 ? "start" : "center" });
  }
  card.focus({ preventScroll: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) card.querySelector("[data-tour=end]").click();
    else if (card.contains(event.target) && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      card.querySelector(event.key === "ArrowRight" ? "[data-tour=next]" : "[data-tour=back]")?.click();
    }
  });
}
}
