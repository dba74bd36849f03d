// On Chinese pages a day stays on one line: a browser would break between a number and 年, 月 or 日, and no style forbids it
// there alone. Only what is shown changes; what is copied stays as it was.
"use strict";

{
  const DAY = /(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年/g;
  const LEFT_ALONE = ".num, .text-nowrap, .day-kept, svg, option, textarea, script, style";

  const keep = (text) => {
    const parts = [];
    let at = 0;
    for (const found of text.data.matchAll(DAY)) {
      const day = document.createElement("span");
      day.className = "day-kept";
      day.textContent = found[0];
      parts.push(text.data.slice(at, found.index), day);
      at = found.index + found[0].length;
    }
    text.replaceWith(...parts.filter((part) => part !== ""), text.data.slice(at));
  };

  const keepAll = (part) => {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) if (walker.currentNode.data.search(DAY) >= 0) found.push(walker.currentNode);
    for (const text of found) {
      // Among boxes that are laid out beside each other, each piece of a divided text would become a box of its own.
      if (text.parentElement.closest(LEFT_ALONE) || /flex|grid/.test(getComputedStyle(text.parentElement).display)) continue;
      keep(text);
    }
  };

  keepAll(document.body);
  document.body.addEventListener("htmx:load", (event) => keepAll(event.detail.elt));
}
