"""What is wrong with a page that can be told without eyes."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# "target-size" (WCAG 2.2, 2.5.8) is in no default set of axe yet.
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

CUT_OFF = """() => {
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    if (!element.checkVisibility() || element.closest(".visually-hidden, svg, .skip, details:not([open])")) continue;
    if (!["hidden", "clip"].includes(style.overflowX) && !["hidden", "clip"].includes(style.overflowY)) continue;
    if (element.matches(".spread")) continue; // its drawing is larger than its place on purpose, its words are not
    if (element.clientWidth < 3 || style.clipPath !== "none" || style.textOverflow === "ellipsis") continue;
    if (style.webkitLineClamp !== "none" || !element.innerText?.trim()) continue;
    if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2)
      found.push(`${element.tagName.toLowerCase()}.${element.className}: ${element.innerText.trim().slice(0, 50)}`);
  }
  for (const cell of document.querySelectorAll("td, th")) {
    if (cell.checkVisibility() && cell.scrollWidth > cell.clientWidth + 1 && !cell.matches(".visually-hidden"))
      found.push(`runs into the next column: ${cell.innerText.trim().slice(0, 50)}`);
  }
  return found;
}"""
BEYOND = """() => {
  const found = [], width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return found;
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (box.width && box.right > width + 1 && !element.closest(".scroll, .mainnav")) {
      found.push(element.tagName.toLowerCase() + "." + element.className);
    }
  }
  return [`${document.documentElement.scrollWidth} px: ${found.slice(0, 4).join(", ")}`];
}"""
# Words and controls that stick out of the box that is drawn around them, where nothing scrolls.
OUTSIDE = """() => {
  const found = new Set(), controls = "a, button, input:not([type=hidden]), select, textarea, summary";
  const isDrawn = ({ borderRightWidth, boxShadow }) => parseFloat(borderRightWidth) > 0 || boxShadow !== "none";
  const saysSomething = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const hidden = "svg, .visually-hidden, .skip, details:not([open]) > :not(summary)";
  for (const each of document.querySelectorAll("header *, main *")) {
    if (!each.matches(controls) && !saysSomething(each)) continue;
    if (!each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || each.closest(hidden)) continue;
    const box = each.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || getComputedStyle(each).position === "absolute") continue;
    for (let around = each.parentElement; around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.overflowX !== "visible" || ["fixed", "sticky", "absolute"].includes(style.position)) break;
      if (!isDrawn(style)) continue;
      const limits = around.getBoundingClientRect();
      if (box.right > limits.right + 2 || box.left < limits.left - 2)
        found.add(`${around.tagName.toLowerCase()}.${around.className}: ${each.innerText?.trim().slice(0, 50)}`);
      break;
    }
  }
  return [...found];
}"""
# Text on show that is not marked as being in another language, without what somebody typed.
TEXTS = """() => {
  const found = [], main = document.querySelector("main") || document.body;
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement, text = node.textContent.trim();
    if (!text || !parent.checkVisibility() || parent.closest("[lang]") !== document.documentElement) continue;
    if (parent.closest("code, kbd, pre, textarea, q, .typed, .src, .question, .ask, h1")) continue;
    found.push(text);
  }
  return found;
}"""
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z]{2,}\b[ ,]+){3,}[a-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BUTTON_OF_LANGUAGE = "中文"


def of_size(page: Page) -> list[str]:
    """What a width does to the page: sideways scroll, text cut off or over the edge of its box."""
    wide = [f"scrolls sideways: {each}" for each in page.evaluate(BEYOND)]
    wide += [f"sticks out of its box: {each}" for each in page.evaluate(OUTSIDE)]
    return wide + [f"cut off: {each}" for each in page.evaluate(CUT_OFF)]


def of_access(page: Page) -> list[str]:
    """axe's violations, each with the first elements."""
    return [
        f"axe {each['id']}: {[node['target'] for node in each['nodes']][:3]}"
        for each in Axe().run(page, options=AXE).response["violations"]
    ]


def of_language(page: Page, language: str) -> list[str]:
    """Words of the other language on the page: to be looked at, for names and what people typed are in any."""
    pattern = CHINESE if language == "en" else ENGLISH
    texts = dict.fromkeys(page.evaluate(TEXTS))
    return [f"other language: {text[:90]}" for text in texts if pattern.search(text) and text != BUTTON_OF_LANGUAGE]
