"""The forms of a page as a browser would send them, for tests that go through pages."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._fields: dict[str, list[str]] | None = None
        self._select = self._textarea = ""
        self._first: str | None = None
        self._text = ""
        self._in_template = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        self._in_template += tag == "template"
        if self._in_template:  # no browser sends what stands in a template
            return
        if tag == "form":
            self._fields = {}
            self.forms.append((said.get("action", ""), self._fields))
        elif self._fields is None:
            return
        elif tag == "input" and name and said.get("type") not in ("submit", "button"):
            is_box = said.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in said:
                self._fields.setdefault(name, []).append(said.get("value", "on" if is_box else ""))
        elif tag == "select" and name:
            self._select, self._first = name, None
        elif tag == "option" and self._select:
            value = said.get("value", "")
            self._first = value if self._first is None else self._first
            if "selected" in said:
                self._fields.setdefault(self._select, []).append(value)
        elif tag == "textarea" and name:
            self._textarea, self._text = name, ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        self._in_template -= tag == "template"
        if self._in_template:
            return
        if tag == "form":
            self._fields = None
        elif tag == "select" and self._select and self._fields is not None:
            if self._select not in self._fields and self._first is not None:
                self._fields[self._select] = [self._first]
            self._select = ""
        elif tag == "textarea" and self._textarea and self._fields is not None:
            self._fields.setdefault(self._textarea, []).append(self._text.removeprefix("\n"))
            self._textarea = ""


def form_on(html: str, *actions: str, having: str = "") -> dict[str, list[str]]:
    """Names and values of the first form with one of these actions, "" for its own page, that has a field `having`.

    Raises LookupError where the page has none.
    """
    reader = _Reader()
    reader.feed(html)
    for there, fields in reader.forms:
        if there in actions and (not having or having in fields):
            return fields
    raise LookupError(f"no form to {actions}: {[there for there, _ in reader.forms]}")
