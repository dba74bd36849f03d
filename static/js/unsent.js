// A form that came after its session was over: its entries under the words of its own page, which is read for that. Without
// this file, or where that page is gone, they stand under the names that the form sent.
"use strict";
{
const list = document.querySelector("[data-of-page]");

const wordsOf = (element) => [...(element?.childNodes || [])].filter((node) => !node.classList?.contains("hint")).map((node) => node.textContent).join(" ").replace(/[\s*]+/g, " ").trim();

function labelOf(page, control) {
  const own = control.id && page.querySelector(`label[for="${CSS.escape(control.id)}"]`);
  return own || control.closest("label");
}

// Of a choice, the words of the whole question stand above it and those of the answer beside it.
function asked(page, controls) {
  const [control] = controls;
  if (!["radio", "checkbox"].includes(control.type)) return wordsOf(labelOf(page, control)) || control.getAttribute("aria-label") || "";
  const group = control.closest("fieldset, [role=radiogroup], [role=group], [data-field]");
  const named = group?.getAttribute("aria-labelledby");
  return wordsOf(group?.querySelector("legend")) || group?.getAttribute("aria-label") || wordsOf(named && page.querySelector(`#${CSS.escape(named)}`)) || wordsOf(group?.matches("[data-field]") && group.querySelector("label")) || (controls.length === 1 ? wordsOf(labelOf(page, control)) : "");
}

function answered(page, controls, value) {
  const [control] = controls;
  if (control.tagName === "SELECT") return wordsOf([...control.options].find((option) => option.value === value));
  const chosen = ["radio", "checkbox"].includes(control.type) && controls.find((each) => each.value === value);
  return chosen ? wordsOf(labelOf(page, chosen)) : "";
}

function name(page, row) {
  const controls = [...page.querySelectorAll(`[name="${CSS.escape(row.dataset.name)}"]`)];
  if (!controls.length) return;
  if (controls.every((control) => ["hidden", "submit", "button"].includes(control.type))) { row.hidden = true; return; } // nobody wrote it
  const words = asked(page, controls), [head, said] = row.children;
  if (words) { head.textContent = words; head.removeAttribute("lang"); }
  said.textContent = answered(page, controls, said.textContent) || said.textContent;
}

async function nameAll() {
  const answer = await fetch(list.dataset.ofPage, { headers: { "X-Passive": "1" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main"); // not the bar above it
  const isThere = [...list.children].some((row) => page.querySelector(`[name="${CSS.escape(row.dataset.name)}"]`));
  if (!isThere) return; // another page came: the sign-in, or one that has changed since
  for (const row of list.children) name(page, row);
  list.closest("details").open = true; // under its words the form says all, once
  for (const part of document.querySelectorAll("[data-unnamed]")) part.hidden = true;
}

if (list?.dataset.ofPage) nameAll().catch(() => {}); // the names that were sent stay
}
