"""Hostile requests to every address, at random: broken and nasty arguments, query strings, forms, JSON, files, headers.

    python -m tests.fuzzing --requests 100000

By a person who may do everything, by a member, by an outsider and by nobody. No answer may be a 500, hold markup that
somebody typed, show a file of the machine, lead to another site, or be a CSV file whose cells a spreadsheet would
calculate; every answer carries the content security policy. What was typed stays for some requests, so that pages that
show it later are seen too.
"""

import argparse
import csv
import io
import json
import logging
import random
import re
import string
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.test import Client
from django.urls import NoReverseMatch, reverse

MARK = "<mdtxss"
NASTY = (
    "", " ", "0", "-1", "1e308", "NaN", "inf", "99999999999999999999999", "٣", "1.5", "on", "null", "undefined", "[]",
    "{}", "true", f"{MARK} onload=x>", f"\"'>{MARK}>", f"</textarea>{MARK}>", f"</script>{MARK}>", "{{7*7}}",
    "%(x)s %s", "{% now 'Y' %}", "${7*7}", "javascript:mdtxss", "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd",
    "/etc/passwd",
    "file:///etc/passwd", "https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example",
    "\\\\evil.example", "=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://evil.example\")",
    "' OR 1=1 --", "\";DROP TABLE cases_case;--", "\0", "a\0b", "\r\nSet-Cookie: x=1", "\x1b[31m", "\ud83d", "\u202e",
    "\ufeff", "İ", "ß" * 300, "一" * 2000, "A" * 70_000, "2026-02-30", "9999-12-31", "0001-01-01", "10000-01-01",
    "2026-13-01T99:99", "24:00", "25:61", "GC-2026-0001", "gclm", "T4", "54", "2–4", "up to 40", ">>>", "\\", "%",
    "%00", "%ff", "&amp;", "*", "(" * 500, "[" * 500,
)  # fmt: skip
ODD_SIGNS = string.printable + "肝Ω\u0300\u200b🙂"
METHODS = {"get": 35, "post": 45, "json": 5, "put": 2, "raw": 5, "head": 3, "options": 2, "delete": 3}
HEADERS = ("Accept-Language", "Referer", "HX-Target", "X-Forwarded-For", "User-Agent", "Cookie", "HX-Current-URL")
MEDIA = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/calendar", "text/html", "x")
JAVASCRIPT = re.compile(r"(?:href|src|action|hx-\w+)\s*=\s*\"?\s*javascript:", re.IGNORECASE)
NAMES = (
    "next",
    "q",
    "page",
    "before",
    "after",
    "show",
    "language",
    "id",
    "csrfmiddlewaretoken",
    "version",
    "client",
    "what",
)
FORMULA = re.compile(r"^[=+@\t\r]|^-(?!\d|$|–)")
OF_THE_MACHINE = ("root:x:0:0", "DJANGO_SETTINGS_MODULE", "Traceback (most recent call last)")
FIELD = re.compile(r"<(?:input|select|textarea|button)\b[^>]*?\bname=\"([^\"]+)\"[^>]*", re.IGNORECASE)
VALUE = re.compile(r'\bvalue="([^"]*)"')


@dataclass
class Findings:
    """How many requests were answered how, and what is wrong with which."""

    answers: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        codes = ", ".join(f"{count} × {code}" for code, count in sorted(self.answers.items()))
        wrong = "".join(f"\n  {each[:600]}" for each in self.wrong[:40])
        return f"{sum(self.answers.values())} requests: {codes}; {len(self.wrong)} wrong{wrong}"


class Fuzzer:
    """Asks at random. `address` makes the proper address of a page."""

    def __init__(self, chance: random.Random, pages: list, address: Callable, people: list) -> None:
        self.chance, self.pages, self.address, self.people = chance, pages, address, people
        self.findings = Findings()
        self.forms: dict[str, dict[str, str]] = {}
        self.sign_in()

    def sign_in(self) -> None:
        """Everybody anew: some requests sign out, or take away what a person may."""
        self.clients = []
        for person in self.people:
            client = Client(raise_request_exception=False)
            if person is not None:
                client.force_login(person)
            self.clients.append(client)

    def nasty(self) -> str:
        if self.chance.random() < 0.15:
            return "".join(self.chance.choices(ODD_SIGNS, k=self.chance.randrange(40)))
        return self.chance.choice(NASTY)

    def path(self, page) -> str:
        if page.parameters and self.chance.random() < 0.25:
            kinds = dict.fromkeys(page.parameters)
            words = {
                name: self.chance.choice(["0", "1", "999999", "en", "radiology", "x", self.nasty()]) for name in kinds
            }
            try:
                return reverse(page.name, kwargs=words)
            except (NoReverseMatch, UnicodeEncodeError):
                return "/" + page.route.replace("<", "").replace(">", self.chance.choice(["", "..", "%00", "\\"]))
        return self.address(page)

    def form_of(self, path: str, client: Client) -> dict[str, str]:
        """The fields that the page offers, with their values, as a browser would send them."""
        if path not in self.forms:
            answer = client.get(path)
            text = answer.content.decode(errors="replace") if not answer.streaming else ""
            found = {}
            for match in FIELD.finditer(text):
                value = VALUE.search(match[0])
                found.setdefault(match[1], value[1] if value else "")
            self.forms[path] = found
        return dict(self.forms[path])

    def entries(self, path: str, client: Client) -> dict:
        entries: dict = self.form_of(path, client)
        if not entries or self.chance.random() < 0.3:
            entries |= dict.fromkeys(self.chance.sample(NAMES, 2), "1")
        for name in self.chance.sample(sorted(entries), min(len(entries), self.chance.randrange(1, 4))):
            fate = self.chance.random()
            if fate < 0.1:
                del entries[name]
            elif fate < 0.2:
                entries[name] = [self.nasty(), self.nasty()]
            elif fate < 0.25:
                content = self.nasty().encode(errors="replace") * self.chance.choice([1, 100])
                entries[name] = io.BytesIO(content)
                entries[name].name = self.nasty() or "x"
            else:
                entries[name] = self.nasty()
        return entries

    def ask(self) -> None:
        """One request, and its answer looked at."""
        page = self.chance.choice(self.pages)
        client = self.chance.choices(self.clients, [6, 2, 1, 1])[0]
        path = self.path(page)
        query = {self.chance.choice(NAMES): self.nasty() for _ in range(self.chance.randrange(3))}
        headers = {}
        if self.chance.random() < 0.3:
            headers["HX-Request"] = "true"
        if self.chance.random() < 0.1:
            name = self.chance.choice(HEADERS)
            typed = self.nasty().replace("\n", " ").replace("\r", " ")
            headers[name] = typed.encode(errors="surrogatepass").decode("latin-1")  # as a WSGI server hands it on
        how = self.chance.choices(list(METHODS), list(METHODS.values()))[0]
        said = f"{how} {path[:200]} {str(query)[:200]} {headers}"
        try:
            answer, said = self._send(how, client, path, query, headers, said)
        except UnicodeEncodeError:
            return  # no client could send it
        self.findings.answers[answer.status_code] += 1
        for wrong in self.look_at(answer):
            self.findings.wrong.append(f"{wrong}: {answer.status_code} {said}")

    def _send(self, how: str, client: Client, path: str, query: dict, headers: dict, said: str):
        if how == "post":
            entries = self.entries(path, client)
            return client.post(path, entries, query_params=query, headers=headers), f"{said} {str(entries)[:500]}"
        if how == "json":
            body = json.dumps({self.nasty(): [self.nasty(), {"a": self.nasty()}]})
            return client.post(path, body, content_type="application/json", query_params=query, headers=headers), said
        if how == "raw":
            kind = self.chance.choice([*MEDIA, self.nasty()])
            body = self.nasty().encode(errors="surrogatepass")
            return client.generic("POST", path, body, content_type=kind, query_params=query, headers=headers), said
        method = getattr(client, how)
        return method(path, query_params=query, headers=headers), said

    def look_at(self, answer) -> list[str]:
        wrong = []
        if answer.status_code >= 500:
            wrong.append(f"an error: {getattr(answer, 'exc_info', None) and answer.exc_info[1]!r}")
        if "Content-Security-Policy" not in answer.headers:
            wrong.append("no policy")
        to = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""
        parts = urlsplit(to.replace("\\", "/"))
        if (
            parts.netloc not in ("", "testserver")
            or parts.scheme not in ("", "http", "https")
            or to.startswith(("//", "/\\"))
        ):
            wrong.append(f"leads to {to[:100]}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = content.decode(errors="replace")
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith(("text/html", "image/svg")) and MARK in text.lower():
            wrong.append(f"markup that was typed: {text[max(0, text.lower().index(MARK) - 80) :][:160]!r}")
        if kind.startswith("text/html") and JAVASCRIPT.search(text):
            wrong.append("a javascript: address")
        if any(sign in text for sign in OF_THE_MACHINE):
            wrong.append("something of the machine")
        if kind.startswith("text/csv"):
            cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
            wrong += [f"a cell that is calculated: {cell[:60]!r}" for cell in cells if FORMULA.match(cell)][:1]
        return wrong


def fuzz(world: dict, count: int, chance: random.Random, seconds: float = 1e9, batch: int = 60) -> Findings:
    """So many requests to every address; after each batch everything is as before."""
    from tests.events.tampering import undone
    from tests.test_urls import PAGES, address

    logging.disable(logging.CRITICAL)
    people = [world["everybody"], world["member"], world["outsider"], None]
    fuzzer = Fuzzer(chance, PAGES, lambda page: address(page, world), people)
    until = time.monotonic() + seconds
    while (done := sum(fuzzer.findings.answers.values())) < count and time.monotonic() < until:
        with undone():
            fuzzer.sign_in()
            for _ in range(min(batch, count - done)):
                fuzzer.ask()
    logging.disable(logging.NOTSET)
    return fuzzer.findings


def main() -> None:
    """Runs a test with so many requests: pytest makes the database, on SQLite or DATABASE_URL's server."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=1e6)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    import os

    import pytest

    os.environ["FUZZ"] = f"{asked.requests} {asked.minutes * 60} {asked.seed}"
    sys.exit(pytest.main(["-q", "-s", "-p", "no:cacheprovider", "tests/test_fuzzing.py", "-k", "as_many_as_asked"]))


if __name__ == "__main__":
    main()
