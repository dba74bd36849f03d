// The live room: asks for the pulse about once a second, lets the parts that changed fetch themselves, follows the table,
// keeps the clock between two answers, and says when the connection is lost. Without this file the page is a page: what it
// shows is right when it is loaded. No words of its own: they stand in data attributes.
"use strict";
{
const room = document.getElementById("room");
const AWAKE = 1000, ASLEEP = 15000, PATIENCE = 4000; // milliseconds: between two beats, in a hidden tab, before giving up
const beat = { seen: room.dataset.seen, timer: 0, isAsking: false, misses: 0, lastHeard: new Date() };

// --- What a person is in the middle of (isDirty: meeting.js) -------------------------------------------------------------------------
function isWriting() {
  const field = document.activeElement;
  return isDirty() || Boolean(field?.closest(".desk") && field.matches("input:not([type=radio], [type=checkbox]), textarea, select"));
}

function say(text) {
  if (text) document.body.dispatchEvent(new CustomEvent("announce", { detail: { value: text } }));
}

// --- The pulse ----------------------------------------------------------------------------------------------------
function schedule(milliseconds) {
  clearTimeout(beat.timer);
  beat.timer = setTimeout(ask, milliseconds);
}

async function ask() {
  if (beat.isAsking) return;
  beat.isAsking = true;
  let wait = document.hidden ? ASLEEP : AWAKE;
  try {
    const address = `${room.dataset.pulse}?seen=${encodeURIComponent(beat.seen)}`;
    const answer = await fetch(address, { headers: { "X-Passive": "1" }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 204 || answer.ok) {
      heard();
      if (answer.ok && answer.status !== 204) await take(await answer.json());
    } else if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
      if ([403, 404].includes(answer.status)) leave();
      lost("out");
      wait = ASLEEP;
    } else missed();
  } catch { missed(); }
  if (beat.misses) wait = Math.min(AWAKE * 2 ** (beat.misses - 1), 5000);
  beat.isAsking = false;
  schedule(wait);
}

// The case may not be shown here any more: taken off the agenda, or its data may only be stored. The page that says so takes
// its place; who is writing keeps the desk with their own words to copy. What the desk was filled with (wish, comorbidity)
// stays in it: a script cannot tell it from the words of their draft. So does the reference, in the title.
function leave() {
  if (!isWriting()) return location.replace(location.href);
  for (const place of room.querySelectorAll("#stage, #table, #rail")) place.replaceChildren();
}

// A room full of people does not ask in the same moment: each waits for a part of the time that the server says.
const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function take(answer) {
  await rest(Math.random() * answer.spread);
  beat.seen = answer.seen;
  if (answer.parts.includes("table") && follow(answer.at)) return;
  for (const name of answer.parts) htmx.trigger(document.body, `${name}-changed`);
}

// --- Following the table ------------------------------------------------------------------------------------------
// True when this window is leaving for another case. Whoever looks by themselves, or is writing, stays and is told.
function follow(at) {
  if (!at || at === location.pathname || "alone" in room.dataset) return false;
  if (isWriting()) {
    const note = document.getElementById("moved-on");
    note.querySelector("a").href = at;
    note.hidden = false;
    return false;
  }
  location.replace(at);
  return true;
}

// --- The connection -------------------------------------------------------------------------------------------------
const note = document.getElementById("connection");

function missed() {
  beat.misses += 1;
  if (beat.misses >= 2) lost("lost");
}

function lost(kind) {
  if (!note.hidden && !note.querySelector(`[data-kind=${kind}]`).hidden) return;
  for (const part of note.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== kind;
  const since = beat.lastHeard.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  for (const place of note.querySelectorAll("[data-since]")) place.textContent = since;
  note.hidden = false;
}

function heard() {
  beat.misses = 0;
  beat.lastHeard = new Date();
  if (note.hidden) return;
  note.hidden = true;
  say(note.dataset.again);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) schedule(0); });
window.addEventListener("online", () => schedule(0));
window.addEventListener("pageshow", (event) => { if (event.persisted) schedule(0); });
window.addEventListener("pagehide", () => clearTimeout(beat.timer));
schedule(AWAKE);

// --- Parts that are swapped: open menus stay open, and what changed is said once -----------------------------------
let open = [];
const said = (id) => document.getElementById(id)?.dataset.says ?? "";
const before = { presence: said("presence"), table: said("table") };

document.body.addEventListener("htmx:beforeSwap", (event) => {
  open.push(...[...event.detail.target.querySelectorAll("details[open][id]")].map((each) => each.id)); // several parts may be on their way
});
document.body.addEventListener("htmx:afterSettle", () => {
  for (const id of open) { const menu = document.getElementById(id); if (menu) menu.open = true; }
  open = [];
  const presence = document.getElementById("presence");
  const reason = document.querySelector("[data-quorum-reason]");
  if (presence && reason && reason.hidden !== (presence.dataset.quorate === "yes")) {
    reason.hidden = !reason.hidden;
    reason.dispatchEvent(new Event("quorum", { bubbles: true })); // what is still to fill in is told anew
  }
  for (const id of Object.keys(before)) {
    if (said(id) === before[id]) continue;
    before[id] = said(id);
    say(before[id]);
  }
  readClock();
  showSystems();
});

// --- The clock: the server's time, carried on between two answers ----------------------------------------------------
let clock = null, readAt = 0;
const asTime = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function readClock() {
  const found = document.querySelector("#table [data-clock]");
  if (found !== clock) { clock = found; readAt = performance.now(); }
}

function tick() {
  if (!clock || !("running" in clock.dataset)) return;
  const used = Number(clock.dataset.used) + Math.floor((performance.now() - readAt) / 1000);
  clock.querySelector("[data-elapsed]").textContent = asTime(used);
  const planned = Number(clock.dataset.planned ?? NaN), soon = Number(clock.dataset.soon ?? NaN);
  const state = used > planned ? "over" : used >= soon ? "soon" : "fits";
  for (const mark of document.querySelectorAll("#table [data-when]")) mark.hidden = mark.dataset.when !== state;
  const over = document.querySelector("#table [data-over]");
  if (over && state === "over") over.textContent = asTime(used - planned);
}

readClock();
setInterval(tick, 500);

// --- Systems: strip or side by side; the liver over the whole screen -----------------------------------------------
function showSystems() {
  const wide = room.dataset.systems === "side";
  for (const part of document.querySelectorAll("[data-systems-view]")) part.hidden = (part.dataset.systemsView === "side") !== wide;
  document.getElementById("systems-switch")?.setAttribute("aria-pressed", String(wide));
}

function showLiver(large) {
  const panel = document.getElementById("liver-panel");
  if (!panel || panel.classList.contains("over-all") === large) return;
  panel.classList.toggle("over-all", large);
  const button = document.getElementById("liver-switch");
  button.setAttribute("aria-pressed", String(large));
  button.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#systems-switch")) {
    room.dataset.systems = room.dataset.systems === "side" ? "strip" : "side";
    showSystems();
    document.getElementById("m-systems")?.closest("section").scrollIntoView({ block: "nearest" });
  }
  if (event.target.closest("#liver-switch")) showLiver(!document.getElementById("liver-panel").classList.contains("over-all"));
});
// From where the quorum is told to where it is mended: the attendance of this page, not that of the meeting's.
document.addEventListener("click", (event) => {
  const menu = document.getElementById("attendance-menu");
  if (!menu || !event.target.closest("[data-attendance]") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  for (const other of document.querySelectorAll("details.menu[open]")) other.open = false;
  menu.open = true;
  menu.querySelector("summary").focus();
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") showLiver(false); });
showSystems();
}
