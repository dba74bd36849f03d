"""What axe finds on a page. Only that leaves the page: all that is well would take longer to send than to find."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

FIND = """async options => {
  const { violations } = await axe.run(options);
  return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]);
}"""


def violations(page: Page, options: dict[str, Any]) -> list[tuple[str, list]]:
    """Rule and elements, by the options of `axe.run`."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [tuple(each) for each in page.evaluate(FIND, {"resultTypes": ["violations"], **options})]
