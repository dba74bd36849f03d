// What every page shares: colours and projector mode, keyboard, menus, filters that send themselves, copy and print,
// and a plain word when the connection fails. Loaded without "defer", so that colours are right at the first paint.
// Every page works without this file; it only saves clicks.
"use strict";

const root = document.documentElement;
root.classList.add("js");

// --- Settings of this device -----------------------------------------------------------------------------
const switches = {
  theme: { attribute: "data-bs-theme", on: "dark", off: "light" },
  mode: { attribute: "data-mode", on: "projector", off: "" },
  letters: { attribute: "data-letters", on: "off", off: "" }, // single-letter keys can be switched off (WCAG 2.1.4)
};

function remembered(name) {
  try { return localStorage.getItem(`mdt-${name}`); } catch { return null; }
}

function remember(name, value) {
  try { localStorage.setItem(`mdt-${name}`, value); } catch { /* private window: the choice lasts for this page */ }
}

function isOn(name) {
  return root.getAttribute(switches[name].attribute) === switches[name].on;
}

function set(name, on) {
  const { attribute, on: yes, off: no } = switches[name];
  if (on || no) root.setAttribute(attribute, on ? yes : no); else root.removeAttribute(attribute);
  showSwitches();
}

function showSwitches() {
  for (const button of document.querySelectorAll("[data-toggle]")) {
    if (button.dataset.toggle in switches) button.setAttribute("aria-pressed", String(isOn(button.dataset.toggle)));
  }
}

for (const name of Object.keys(switches)) {
  const asked = new URLSearchParams(location.search).get(name) || remembered(name);
  const wished = name === "theme" && !asked ? matchMedia("(prefers-color-scheme: dark)").matches : null;
  if (asked) set(name, asked === switches[name].on); else if (wished) set(name, true);
}

// --- Dialogs and menus -----------------------------------------------------------------------------------
function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

// --- A word for screen readers, and for everyone when something failed -----------------------------------
function announce(text) {
  const region = document.getElementById("announce");
  if (region) region.textContent = region.textContent === text ? `${text}\u00a0` : text; // said again, it is heard again
}

function trouble(kind) {
  const note = document.getElementById("trouble");
  if (!note) return;
  for (const part of note.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== kind;
  note.hidden = false;
}

async function copy(button) {
  const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom) : null;
  const text = source ? source.value ?? source.textContent : button.dataset.copy;
  try { await navigator.clipboard.writeText(text.trim()); } catch { return; }
  const word = button.dataset.copied;
  if (!word) return;
  announce(word);
  const label = button.querySelector("[data-word]") || button;
  const before = label.textContent;
  label.textContent = word;
  setTimeout(() => { label.textContent = before; }, 1600);
}

// A name of the demonstration fills the sign-in; the password is still to be typed.
function fillName(button) {
  const field = document.getElementById(button.dataset.fills);
  field.value = button.textContent.trim();
  field.form.querySelector("input[type=password]").focus();
}

document.addEventListener("click", (event) => {
  const found = (selector) => event.target.closest(selector);
  const toggle = found("[data-toggle]");
  closeMenus(found("details.menu"));
  if (toggle && toggle.dataset.toggle in switches) {
    const name = toggle.dataset.toggle;
    set(name, !isOn(name));
    remember(name, isOn(name) ? switches[name].on : switches[name].off || "no");
  } else if (found("[data-opens]")) openDialog(found("[data-opens]").dataset.opens);
  else if (found("[data-closes]")) found("dialog, .notice")?.[found("dialog") ? "close" : "remove"]();
  else if (found("[data-print]")) window.print();
  else if (found("[data-fills]")) fillName(found("[data-fills]"));
  else if (found("[data-copy], [data-copy-from]")) copy(found("[data-copy], [data-copy-from]"));
});

// A filter sends its form when it changes. Without JavaScript the form's own button (class "no-js") does it.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]") && !event.target.matches("[hx-get]")) event.target.form?.requestSubmit(); // that one filters while somebody types
});

// --- Tables that stand as cards on a narrow screen ---------------------------------------------------------
// Each cell is named by its column. Counted from the right: a cell that spans rows is missing from the rows below it.
function nameCells(within) {
  for (const table of within.querySelectorAll("table.stacks, table.calendar")) {
    const heads = [...table.querySelectorAll(":scope > thead th")].map((head) => (head.querySelector(".visually-hidden") ? "" : head.textContent.trim()));
    for (const row of table.querySelectorAll(":scope > :is(tbody, tfoot) > tr")) {
      let column = heads.length;
      for (const cell of [...row.cells].reverse()) {
        column -= cell.colSpan;
        const isFilled = cell.firstElementChild || cell.textContent.trim();
        const needsName = cell.colSpan === 1 && ((cell.matches("td") && isFilled) || /^\d+$/.test(cell.textContent.trim()));
        if (needsName && heads[column] && !cell.hasAttribute("data-head")) cell.dataset.head = heads[column];
      }
    }
  }
}

// --- A day in words ----------------------------------------------------------------------------------------
// A browser shows a day in its own order: 12/10 may be December or October. The words under the box leave no doubt.
const inWords = new Intl.DateTimeFormat(root.lang === "en" ? "en-GB" : root.lang, { timeZone: "UTC", weekday: root.lang === "en" ? "short" : "long", day: "numeric", month: "short", year: "numeric" });

function sayDay(box) {
  const said = box.nextElementSibling?.matches(".day-said") ? box.nextElementSibling : document.createElement("span");
  said.className = "day-said";
  said.textContent = box.valueAsNumber ? inWords.format(box.valueAsNumber).replace(",", "").replace("日星", "日 星") : "";
  box.after(said);
}

const DAY_BOX = "form[method=post] :is(input[type=date], input[type=datetime-local]):not(.form-control-sm)";
function sayDays(part) {
  for (const box of part.querySelectorAll(DAY_BOX)) sayDay(box);
}

document.addEventListener("input", (event) => { if (event.target.matches(DAY_BOX)) sayDay(event.target); }); // of a row that was added just now, too

// --- Keyboard --------------------------------------------------------------------------------------------
// An element with data-key="p" is pressed by that key; lists marked data-list are walked with J and K.
function isTyping(target) {
  return target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-list] [data-item], .queue .who a")];
  if (!links.length) return false;
  const now = links.findIndex((link) => link === document.activeElement || link.closest("[role=row], li, tr")?.contains(document.activeElement));
  const next = links[now < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(now + step, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function press(key) {
  for (const element of document.querySelectorAll("[data-key]")) {
    if (element.dataset.key.toLowerCase() !== key || element.disabled || !element.checkVisibility?.()) continue;
    if (element.matches("a, button, summary, label")) element.click(); else { element.scrollIntoView(); element.focus({ preventScroll: true }); }
    return true;
  }
  return false;
}

// Out of the search: to the first of what was found, so that J and K go on from there; else to the page's main part.
function leaveSearch(field) {
  const main = document.getElementById("main"), next = main?.querySelector("[data-list] [data-item], .queue .who a") || main;
  if (next) next.focus({ preventScroll: true }); else field.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
    else if (event.target.matches("input[type=search]") && !event.target.closest("dialog")) leaveSearch(event.target);
    return;
  }
  if (event.ctrlKey && event.key === "Enter") {
    const form = event.target.closest("form[data-ctrl-enter]") || document.querySelector("form[data-ctrl-enter]");
    if (form) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (isOn("letters") || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const search = [...document.querySelectorAll("input[type=search]:not(#palette-q)")].find((field) => field.checkVisibility()); // else help.js opens its own
  let done = false;
  if (key === "/" && search) { search.focus(); search.select(); done = true; }
  else if (key === "?") { openDialog("keys-help"); done = true; }
  else done = press(key) || (key === "j" && walk(1)) || (key === "k" && walk(-1));
  if (done) event.preventDefault();
});

// --- Typing in a list ----------------------------------------------------------------------------------------
// A browser finds an entry by its first letters alone, and "Dr Bai Lu, oncology" begins like every other doctor. Here any
// word of an entry is found by its beginning, a Chinese one by its sound too; the same letter again goes on to the next.
const LONG_LIST = 6, TYPING_PAUSE = 900; // entries; milliseconds after which a new word begins
const typedIn = { list: null, text: "", at: 0 };

function findTyped(list, key) {
  const isNew = typedIn.list !== list || performance.now() - typedIn.at > TYPING_PAUSE;
  Object.assign(typedIn, { list, text: (isNew ? "" : typedIn.text) + key.toLowerCase(), at: performance.now() });
  const again = new Set(typedIn.text).size === 1, wanted = again ? typedIn.text[0] : typedIn.text;
  const fits = (option) => !option.disabled && option.value && ` ${option.text.toLowerCase().replace(/[,(·，（]/g, " ")} ${option.dataset.sound || ""}`.includes(` ${wanted}`);
  const options = [...list.options], first = list.selectedIndex + (again ? 1 : 0);
  const found = [...options.slice(first), ...options.slice(0, first)].find(fits);
  if (!found) return;
  list.selectedIndex = found.index;
  for (const name of ["input", "change"]) list.dispatchEvent(new Event(name, { bubbles: true }));
  announce(found.text);
}

document.addEventListener("keydown", (event) => {
  const list = event.target;
  if (!list.matches("select:not([multiple])") || list.options.length < LONG_LIST || event.ctrlKey || event.metaKey || event.altKey) return;
  const goesOn = typedIn.list === list && performance.now() - typedIn.at <= TYPING_PAUSE; // else a space opens the list
  if (event.key.length !== 1 || (event.key === " " && !goesOn)) return;
  event.preventDefault();
  findTyped(list, event.key);
});

// --- Signing in again in another window -------------------------------------------------------------------
// A sign-in changes the token against forged forms; a page that was open before must send the new one.
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"; // Django's, in its order
function freshToken(before = "") {
  const secret = document.cookie.split("; ").find((each) => /^(?:__Host-csrf|csrftoken)=/.test(each))?.split("=")[1];
  if (secret?.length !== 32 || before.length !== 64) return secret;
  const ofPage = before.slice(0, 32); // stays: by it the server knows the page, so that a form counts once
  return ofPage + [...secret].map((each, place) => LETTERS[(LETTERS.indexOf(each) + LETTERS.indexOf(ofPage[place])) % LETTERS.length]).join("");
}

document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("input[name=csrfmiddlewaretoken]"), token = freshToken(field?.value);
  if (field && token) field.value = token;
}, true);

// A second click sends nothing while the answer to the first is on its way: what a page shows once (the address of a calendar,
// recovery codes) would be lost with it. What htmx sends is no page and has prevented the event before.
const onTheirWay = new WeakSet();
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return; // a field may be called "method"
  if (onTheirWay.has(form)) event.preventDefault();
  onTheirWay.add(form);
  setTimeout(() => onTheirWay.delete(form), 3000); // no answer came: they may try again
});

// A page out of the browser's memory may show what may not be seen any more: it is asked for anew, unless a form stands in it
// whose words would be lost. That one is refused with the next thing that is done.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && !document.querySelector("main form[method=post], [data-pulse]")) location.reload();
});

// What a page asks by itself (a pulse, a part that was announced) does not count as somebody at work.
document.addEventListener("htmx:configRequest", (event) => {
  const { headers, formData, triggeringEvent } = event.detail, token = freshToken();
  if (token && "X-CSRFToken" in headers) headers["X-CSRFToken"] = token;
  const field = "csrfmiddlewaretoken"; // it outranks the header
  if (token && formData?.has(field)) formData.set(field, freshToken(formData.get(field)));
  if (!triggeringEvent?.isTrusted) headers["X-Passive"] = "1";
});

// --- Parts that are swapped in ---------------------------------------------------------------------------
// The focus was in a part that is replaced: htmx gives it back to an element of the same id. Where that one is gone it goes to
// what stands in its place, never to the top of the page.
const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex='0']";
let focusWas = null;

function keepFocus() {
  if (!focusWas || (document.activeElement && document.activeElement !== document.body)) return;
  const part = document.getElementById(focusWas.part);
  const places = [...(part?.querySelectorAll(focusWas.form || FOCUSABLE) || []), part].flatMap((place) => (place ? [...place.querySelectorAll(FOCUSABLE), place] : []));
  const next = places.find((each) => each.matches(FOCUSABLE) && each.checkVisibility()) || part;
  if (next === part) part?.setAttribute("tabindex", "-1");
  next?.focus({ preventScroll: true });
}

document.addEventListener("DOMContentLoaded", () => {
  // Who types on replaces a question that is still on its way. htmx would tell the console of an error; it is none.
  if (window.htmx) htmx.logger = (_element, name, detail) => { if (name === "htmx:sendAbort" || (name === "htmx:afterRequest" && detail.xhr?.status === 0)) delete detail.error; };
  showSwitches();
  for (const name of [nameCells, sayDays]) name(document);
  document.body.addEventListener("htmx:afterSettle", () => { nameCells(document); sayDays(document); });
  const showChosenTab = () => { // in sight on a phone too, and when it is turned
    for (const tabs of document.querySelectorAll(".casetabs, .scroll-x, .mainnav")) {
      const chosen = tabs.querySelector("[aria-current]");
      if (chosen && tabs.scrollWidth > tabs.clientWidth) tabs.scrollLeft = chosen.offsetLeft - tabs.offsetLeft - 24;
    }
  };
  showChosenTab();
  let width = window.innerWidth; // a phone also resizes when its keyboard or its bar comes: that is no turn
  window.addEventListener("resize", () => { if (window.innerWidth !== width) { width = window.innerWidth; showChosenTab(); } });
  // A form came back with something wrong: go to the first of it, which may be far down the page.
  const wrong = [...document.querySelectorAll("main :is(input, select, textarea):is([aria-invalid=true], .is-invalid)")].find((field) => field.form && field.checkVisibility());
  if (wrong && (document.activeElement === document.body || document.activeElement.autofocus)) wrong.focus();
  // A live part that could not be fetched is the pulse's to tell: nothing was to be saved.
  const isFetch = (event) => event.detail.elt?.matches("[data-live]") && event.detail.requestConfig?.verb === "get";
  document.body.addEventListener("htmx:sendError", (event) => { if (!isFetch(event)) trouble("lost"); });
  document.body.addEventListener("htmx:timeout", (event) => { if (!isFetch(event)) trouble("lost"); });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (isFetch(event)) return;
    if (event.detail.xhr.getResponseHeader("X-Only-Stored")) return trouble("stored");
    trouble(event.detail.xhr.status === 401 ? "out" : [403, 404].includes(event.detail.xhr.status) ? "refused" : "failed");
  });
  document.body.addEventListener("htmx:beforeRequest", () => { const note = document.getElementById("trouble"); if (note) note.hidden = true; });
  // On the document: when the page's own scripts have said whether there will be a swap. Several parts may be on their way: one
  // without the focus must not forget where the focus was in another.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target, focused = document.activeElement, form = focused?.closest("form[class]");
    if (!event.detail.shouldSwap || !part?.id || !part.contains(focused)) return;
    focusWas = { part: part.id, form: form && part.contains(form) ? `form.${[...form.classList].map((name) => CSS.escape(name)).join(".")}` : "" };
  });
  document.body.addEventListener("htmx:afterSettle", () => { keepFocus(); focusWas = null; });
  document.body.addEventListener("announce", (event) => announce(event.detail.value)); // HX-Trigger: {"announce": "…"}
});
