"""A person at a keyboard and a mouse: every stroke, click and field is counted, and what is typed twice is noticed.

Time is estimated by the keystroke-level model (Card, Moran and Newell, Commun ACM 1980;23:396): 0.28 s for a stroke of
an average typist who is no secretary, 1.1 s to point, 0.2 s to click, 0.4 s for a hand to go from keyboard to mouse,
1.35 s to think before each field.
"""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

STROKE_S, POINT_S, CLICK_S, HOMING_S, THINK_S = 0.28, 1.1, 0.2, 0.4, 1.35


@dataclass
class Hands:
    """Works on one page. Nothing is set by script: fields are clicked into, and written stroke by stroke."""

    page: Page
    strokes: int = 0
    clicks: int = 0
    fields: int = 0
    pages: int = 0
    typed: list[tuple[str, str]] = field(default_factory=list)
    _at_mouse: bool = True
    _homings: int = 0

    def _go_to(self, *, mouse: bool) -> None:
        self._homings += self._at_mouse is not mouse
        self._at_mouse = mouse

    def click(self, target: Locator) -> None:
        """Point and click: a chip, a button, a link."""
        self._go_to(mouse=True)
        target.click()
        self.clicks += 1

    def press(self, key: str) -> None:
        """One key; with modifiers, each counts."""
        self._go_to(mouse=False)
        self.page.keyboard.press(key)
        self.strokes += key.count("+") + 1

    def type(self, name: str, text: str) -> None:
        """Click into the field called `name` and write; a day is written as its digits, as browsers take it."""
        target = self.page.locator(f"[name='{name}']").first
        self.click(target)
        self._go_to(mouse=False)
        keys = text
        if target.get_attribute("type") == "date":
            year, month, day = text.split("-")
            keys = f"{month}{day}{year}"  # the order of Chromium's own field in English
        else:
            target.press("Control+a")  # whatever is offered is replaced
        self.page.keyboard.type(keys)
        assert target.input_value() == text
        self.strokes += len(keys)
        self.fields += 1
        self.typed.append((name, text))

    def choose(self, name: str, *values: str) -> None:
        """Click chips of one field."""
        for value in values:
            box = self.page.locator(f"[name='{name}'][value='{value}']").first
            self.click(self.page.locator(f"label[for='{box.get_attribute('id')}']"))
        self.fields += 1

    def select(self, name: str, value: str) -> None:
        """A list: pointed at, opened, and one of its lines clicked."""
        self._go_to(mouse=True)
        self.page.locator(f"[name='{name}']").first.select_option(value)
        self.clicks += 2
        self.fields += 1

    def arrive(self) -> None:
        """A page was loaded."""
        self.pages += 1

    @property
    def seconds(self) -> float:
        """By the keystroke-level model."""
        return (
            self.strokes * STROKE_S
            + self.clicks * (POINT_S + CLICK_S)
            + self._homings * HOMING_S
            + self.fields * THINK_S
            + self.pages * THINK_S
        )

    def typed_twice(self) -> list[str]:
        """Texts of more than two characters that were written into two fields; a number may well be there twice."""
        texts = [text for _name, text in self.typed if len(text) > 2]
        return sorted({text for text in texts if texts.count(text) > 1})

    def report(self) -> str:
        return (
            f"{self.pages} pages, {self.fields} fields, {self.clicks} clicks, {self.strokes} keystrokes, "
            f"{self.seconds / 60:.1f} min by the keystroke-level model"
        )
