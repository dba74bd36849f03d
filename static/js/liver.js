// The liver over the lesion table: a segment adds a lesion, a lesion is dragged to another segment.
// Uses the rows of findings.js, which is loaded before. The server draws; without this file its buttons post.
"use strict";

const picker = form.querySelector("[data-picker]");
if (picker && lesions) {
  const over = picker.querySelector(".picker-over");

  function redraw() {
    htmx.trigger(form, "liver");
  }

  // What is being typed is drawn when it is saved.
  lesions.addEventListener("input", (event) => { if (!event.target.matches("input[type=text]")) redraw(); });

  function say(sentence, row, segment) {
    announce(sentence.replace("{n}", row.querySelector("[data-n]").textContent).replace("{s}", segment));
  }

  function choose(row, segment) {
    for (const box of row.querySelectorAll("input[name$=-segments]")) box.checked = box.value === segment;
  }

  function addIn(segment) {
    const last = lesions.rows[lesions.rows.length - 1];
    const row = last && !isFilled(last) ? last : newRow();
    if (row !== last) {
      const nature = (line) => line.querySelector("select[name$=-nature]");
      if (last) nature(row).value = nature(last).value; // as the button "Add a lesion" does
      lesions.append(row);
    }
    choose(row, segment);
    number();
    lesions.dispatchEvent(new Event("input", { bubbles: true }));
    say(picker.dataset.added, row, segment);
  }

  function under(event, selector) {
    return document.elementsFromPoint(event.clientX, event.clientY).find((part) => part.matches(selector));
  }

  // Numbers in the picture count the rows in which something stands.
  function rowOf(spot) {
    return [...lesions.rows].filter(isFilled)[Number(spot.dataset.lesion) - 1];
  }

  let held = null;
  let wasMoved = false;

  over.addEventListener("pointerdown", (event) => {
    wasMoved = false;
    held = event.target.closest("[data-segment]:not(button)") && under(event, "[data-lesion]");
    if (held) { over.setPointerCapture(event.pointerId); event.preventDefault(); }
  });
  over.addEventListener("pointermove", (event) => {
    if (!held) return;
    wasMoved = true;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(over.getScreenCTM().inverse());
    held.setAttribute("cx", at.x.toFixed(1));
    held.setAttribute("cy", at.y.toFixed(1));
  });
  over.addEventListener("pointercancel", () => { held = null; redraw(); });
  over.addEventListener("pointerup", (event) => {
    if (!held) return;
    const row = rowOf(held);
    const segment = under(event, "path[data-segment]");
    held = null;
    if (!row) return;
    if (!wasMoved) { row.querySelector("[data-diameter]").focus(); row.scrollIntoView({ block: "nearest" }); wasMoved = true; return; }
    if (!segment) { redraw(); return; }
    choose(row, segment.dataset.segment);
    row.dispatchEvent(new Event("input", { bubbles: true }));
    say(picker.dataset.moved, row, segment.dataset.segment);
  });
  over.addEventListener("click", (event) => {
    const segment = event.target.closest("[data-segment]");
    if (!segment) return;
    event.preventDefault();
    if (wasMoved) { wasMoved = false; return; }
    if (!segment.matches("button") && under(event, "[data-lesion]")) return;
    addIn(segment.dataset.segment);
  });
}
