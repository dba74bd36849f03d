"""Words of a picture can be read: none lies on another, and no line goes through one."""

import pytest
from django.urls import reverse

from tests.builders import make_case, make_finding

pytestmark = pytest.mark.django_db(transaction=True)

# A sign of the text fills the em above and a little below its line; getBBox would add the font's own gaps.
TOUCHING = """() => {
  const found = [];
  for (const svg of document.querySelectorAll("#spread svg.liver")) {
    const shown = [...svg.querySelectorAll("text:not(.sp-ask)")].filter((each) => each.checkVisibility());
    const words = shown.map((each) => {
      const { x, width } = each.getBBox(), y = +each.getAttribute("y");
      const size = parseFloat(getComputedStyle(each).fontSize);
      return { said: each.textContent, left: x, right: x + width, top: y - 0.86 * size, bottom: y + 0.14 * size };
    });
    words.forEach((one, index) => words.slice(index + 1).forEach((other) => {
      if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
        found.push(`${one.said} | ${other.said}`);
    }));
    for (const line of svg.querySelectorAll(".lv-cantlie, .sp-skin"))
      for (let at = 0; at < line.getTotalLength(); at += 4) {
        const { x, y } = line.getPointAtLength(at);
        for (const { said, left, right, top, bottom } of words)
          if (x > left && x < right && y > top && y < bottom) found.push(`${said} is struck through`);
      }
  }
  return [...new Set(found)];
}"""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_word_about_nodes_and_peritoneum_lies_on_another_or_on_a_ring(
    page, live_server, client, radiologist, language
):
    case = make_case(team=radiologist.memberships.get().team)
    make_finding(case, radiologist, {"nodes_beyond_d2": [], "cytology": "CY0", "peritoneum": "P0", "pci": 12})
    client.force_login(radiologist)
    cookies = {"sessionid": client.cookies["sessionid"].value, "mdt_language": language}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto(live_server.url + reverse("case", args=[case.reference]))
    assert page.locator("#spread svg.liver text").count() > 20
    assert page.evaluate(TOUCHING) == []
