"""The rules of the house, read from the source: imports, writes, length of modules, content of pages.

Each rule is a function from a path and its text to complaints: none for the tree, one for a planted breach.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
GROUND = {"mdt.events", "mdt.duties"}  # every app may stand on these; they know of none
ALL_OF_THE_TEAM = {
    "classification", "mdt.people", "mdt.mail", "mdt.rulebook", "cases", "mdt.meetings", "mdt.audit",
}  # fmt: skip
MAY_IMPORT = {
    "classification": set(),
    "mdt.events": set(),
    "mdt.duties": set(),
    "mdt.reading": {"classification"},
    "mdt.people": GROUND,
    "mdt.mail": GROUND | {"mdt.people"},
    "mdt.backup": GROUND | {"mdt.people", "mdt.mail"},
    "mdt.rulebook": GROUND | {"classification", "mdt.people"},
    "cases": GROUND | {"classification", "mdt.people", "mdt.mail", "mdt.rulebook", "mdt.reading"},
    "mdt.meetings": GROUND | {"classification", "mdt.people", "mdt.mail", "mdt.rulebook", "cases"},
    "mdt.audit": GROUND | {"classification", "mdt.people", "mdt.mail", "mdt.rulebook", "cases", "mdt.meetings"},
    "mdt.interchange": GROUND
    | {"classification", "mdt.people", "mdt.mail", "mdt.rulebook", "cases", "mdt.meetings", "mdt.audit"},
    "mdt.help": GROUND
    | {"classification", "mdt.people", "mdt.mail", "mdt.rulebook", "cases", "mdt.meetings", "mdt.audit"},
    "mdt.privacy": GROUND
    | {"mdt.backup"}
    | {"classification", "mdt.people", "mdt.mail", "mdt.rulebook", "cases", "mdt.meetings", "mdt.audit"},
    "mdt.demo": GROUND
    | {"mdt.privacy"}
    | {"classification", "mdt.people", "mdt.mail", "mdt.rulebook", "cases", "mdt.meetings", "mdt.audit"},
}
WRITES = {
    "save", "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete",
}  # fmt: skip
# Beside actions, migrations and the demo. Short on purpose: a reader must know each of these places to write.
MAY_WRITE = {
    "mdt/events/chain.py": "the one place that appends to the event log",
    "mdt/events/once.py": "marks a form as counted, within the write that it causes",
    "mdt/demo_access.py": "sets the demo users' password",
}
AGGREGATES = {"Avg", "Count", "Max", "Min", "Sum"}
LONGEST_MODULE = 350
LONGEST_LINE = 175  # of a template; nearly all are under 140
AT_THE_TOP = {
    "README.md", "bench", "cases", "classification", "docs", "locale", "manage.py", "mdt", "pyproject.toml",
    "requirements-dev.in", "requirements-dev.txt", "requirements.in", "requirements.txt", "run", "scripts", "static",
    "templates", "test", "tests",
}  # fmt: skip
ELSEWHERE = r"https?://[^\"'\s)]*(?:cdn|unpkg|jsdelivr|googleapis|bootstrapcdn)"


def python_files() -> list[Path]:
    folders = (ROOT / name for name in ("classification", "cases", "mdt"))
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def room_of(module: str) -> str | None:
    """The room that a dotted name lies in; None for the project's own modules and for other packages."""
    return next((room for room in MAY_IMPORT if module == room or module.startswith(f"{room}.")), None)


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: str, source: str) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of every import, also inside functions; relative ones resolved."""
    package = module_of(path) if path.endswith("/__init__.py") else module_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from ((node.lineno, module, alias.name) for alias in node.names)


def wrong_imports(path: str, source: str) -> list[str]:
    """Imports against the table of rooms, and private names of the classification."""
    here = room_of(module_of(path))
    found = []
    for line, module, name in imports(path, source):
        # `from mdt import people` imports a room too
        there = room_of(f"{module}.{name}") or room_of(module)
        if here and there and there not in MAY_IMPORT[here] | {here}:
            found.append(f"{path}:{line}: {here} imports {there}")
        if here != "classification" and there == "classification" and re.search(r"(^|\.)_", f"{module}.{name}"):
            found.append(f"{path}:{line}: a private name of the classification")
        if here == "classification" and module.partition(".")[0] in {"django", "mdt", "cases"}:
            found.append(f"{path}:{line}: the classification imports {module}")
    return found


def is_write(node: ast.AST) -> bool:
    """Whether a call looks like a write to a model: as far as can be told without types."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
        return False
    on = node.func.value
    if isinstance(on, ast.Call) and isinstance(on.func, ast.Name) and on.func.id == "super":
        return False  # a model's own save(), passing on
    # a dictionary's or a digest's update() takes a value, a queryset's only names of columns
    return not (node.func.attr == "update" and (node.args or not node.keywords))


def wrong_writes(path: str, source: str) -> list[str]:
    """Writes to models outside actions."""
    parts = Path(path.removesuffix(".py")).parts
    if parts[0] == "classification" or {"actions", "migrations", "demo"} & set(parts) or path in MAY_WRITE:
        return []
    return [
        f"{path}:{node.lineno}: .{node.func.attr}() outside actions"
        for node in ast.walk(ast.parse(source))
        if is_write(node)
    ]


def unordered_counts(path: str, source: str) -> list[str]:
    """Functions that count beside each row and leave the order to Meta, which Django then drops.

    SQLite tends to keep it all the same, PostgreSQL does not: the first page of a list would show any rows.
    """
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        named = [call.func.attr for call in calls if isinstance(call.func, ast.Attribute)]
        counts = any(isinstance(call.func, ast.Name) and call.func.id in AGGREGATES for call in calls)
        if counts and "annotate" in named and "order_by" not in named:
            found.append(f"{path}:{function.lineno}: {function.name} counts without an order")
    return found


def too_long(path: str, source: str) -> list[str]:
    lines = len(source.splitlines())
    return [f"{path}: {lines} lines"] if lines > LONGEST_MODULE and "/migrations/" not in path else []


def wide_lines(path: str, source: str) -> list[str]:
    """Lines of a template that hold more than a person takes in: a table, or sentence after sentence."""
    lines = enumerate(source.splitlines(), start=1)
    return [f"{path}:{number}: {len(line)} characters" for number, line in lines if len(line) > LONGEST_LINE]


def wrong_markup(path: str, source: str) -> list[str]:
    """What the content security policy would refuse, or fetch from another host."""
    rules = {
        "inline style": r"<[^>]*\sstyle\s*=",
        "style element": r"<style\b",
        "inline handler": r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=",
        "script without src": r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/json)",
        "address of another host": rf"{ELSEWHERE}|(?:\bsrc|<link\b[^>]*href)\s*=\s*[\"'](?:https?:)?//",
    }
    return [f"{path}: {name}" for name, pattern in rules.items() if re.search(pattern, source, re.IGNORECASE)]


def outside_addresses(path: str, source: str) -> list[str]:
    pattern = rf"{ELSEWHERE}|(?:@import|\burl\(|\bimport\b[^;\n]*|\bimport\()\s*[\"']?(?:https?:)?//"
    return [f"{path}: address of another host" for _ in re.finditer(pattern, source, re.IGNORECASE)]


def over(paths: list[Path], rule) -> list[str]:
    return [said for path in paths for said in rule(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("rule", [wrong_imports, wrong_writes, unordered_counts, too_long, outside_addresses])
def test_the_source_keeps_the_rule(rule):
    assert len(python_files()) > 20
    assert over(python_files(), rule) == []


def test_nothing_stands_at_the_top_of_the_tree_that_was_not_put_there():
    """A program that leaves its files where it was started from, as a message broker's folder once was."""
    ignored = {"data", "staticfiles", "test-results", "__pycache__"}
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - ignored == AT_THE_TOP


def test_every_room_is_in_the_table():
    apps = {app for app in settings.INSTALLED_APPS if app.partition(".")[0] in {"mdt", "cases"}}
    assert apps <= set(MAY_IMPORT)


def test_templates_hold_nothing_inline_and_nothing_from_elsewhere():
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert templates
    assert over(templates, wrong_markup) == []


def test_lines_of_templates_are_short_enough_to_be_read():
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert {path.suffix for path in templates} == {".html", ".svg"}
    assert over(sorted(templates), wide_lines) == []


def test_static_files_fetch_nothing_from_elsewhere():
    files = [path for path in (ROOT / "static").rglob("*") if path.suffix in {".js", ".css", ".svg"}]
    assert over(sorted(files), outside_addresses) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("classification/engine.py", "from django.db import models"),
        ("classification/engine.py", "import cases.models"),
        ("mdt/people/views.py", "from cases.models import Case"),
        ("mdt/reading/report.py", "from cases.models import Finding"),
        ("mdt/rulebook/standing.py", "from cases.models import Proposal"),
        ("mdt/people/views.py", "from mdt.rulebook import library"),
        ("mdt/people/views.py", "def later():\n    from mdt.meetings import actions"),
        ("mdt/people/views.py", "from mdt import audit"),
        ("mdt/people/views.py", "from mdt.mail.actions import post"),
        ("mdt/mail/views.py", "from cases.models import Case"),
        ("mdt/people/views.py", "from ..meetings import models"),
        ("mdt/people/__init__.py", "from ..meetings import models"),
        ("mdt/events/chain.py", "from mdt.people.models import User"),
        ("mdt/duties/tasks.py", "import mdt.people.models"),
        ("cases/actions.py", "from mdt.meetings.models import Meeting"),
        ("cases/actions.py", "from classification.engine import _compile"),
        ("mdt/audit/views.py", "from mdt.interchange import fhir"),
    ],
)
def test_a_wrong_import_is_seen(path, source):
    assert wrong_imports(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("cases/actions.py", "from classification import classify\nfrom mdt.people.models import User"),
        ("mdt/people/models.py", "from mdt.events.chain import record\nfrom mdt import duties"),
        ("mdt/interchange/fhir.py", "from mdt.audit import replay"),
        ("mdt/meetings/actions/agenda.py", "from mdt.mail.actions import post"),
        ("cases/reasoning.py", "from mdt.rulebook.standing import with_signed_statuses"),
        ("mdt/urls.py", "import cases.views"),
    ],
)
def test_a_right_import_is_left_alone(path, source):
    assert wrong_imports(path, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "case.save()",
        "Case.objects.create(reference='x')",
        "Case.objects.bulk_create(rows)",
        "Case.objects.filter(pk=1).update(state='closed')",
        "case.delete()",
        "form.save()",
    ],
)
def test_a_write_outside_actions_is_seen(source):
    assert wrong_writes("cases/views.py", source)
    assert wrong_writes("cases/actions.py", source) == []
    assert wrong_writes("cases/actions/findings.py", source) == []


@pytest.mark.parametrize("source", ["seen.update(more)", "digest.update(b'x')", "super().save(*args)"])
def test_what_only_looks_like_a_write_is_left_alone(source):
    assert wrong_writes("cases/models.py", source) == []


def test_a_count_without_an_order_is_seen():
    counts = "def page(rows):\n    return rows.annotate(files=Count('enclosures'))"
    assert unordered_counts("mdt/mail/mailbox.py", counts)
    assert unordered_counts("mdt/mail/mailbox.py", f"{counts}.order_by('-pk')") == []


def test_a_long_module_is_seen():
    assert too_long("cases/views.py", "x\n" * (LONGEST_MODULE + 1))
    assert too_long("cases/views.py", "x\n" * LONGEST_MODULE) == []
    assert too_long("cases/migrations/0001_initial.py", "x\n" * 1000) == []


def test_a_wide_line_of_a_template_is_seen():
    row = "<tr>\n" + "x" * LONGEST_LINE
    assert wide_lines("templates/x.html", f"{row}x\n</tr>") == [f"templates/x.html:2: {LONGEST_LINE + 1} characters"]
    assert wide_lines("templates/x.html", row) == []


@pytest.mark.parametrize(
    "markup",
    [
        '<p class="a" style="color: red">',
        '<p\n  style="color: red">',
        "<style>p {}</style>",
        '<button onclick="go()">',
        '<button hx-on:click="go()">',
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<script src="https://cdn.example/x.js"></script>',
        '<script src="//elsewhere.example/x.js"></script>',
        '<link rel="stylesheet" href="https://elsewhere.example/x.css">',
    ],
)
def test_wrong_markup_is_seen(markup):
    assert wrong_markup("templates/x.html", markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<script src=\"{% static 'js/app.js' %}\" defer></script>",
        '<script id="facts" type="application/json">{}</script>',
        '<a href="https://doi.org/10.1000/1">Guideline</a>',
        "<p>the style = ours; once = twice</p>",
    ],
)
def test_right_markup_is_left_alone(markup):
    assert wrong_markup("templates/x.html", markup) == []


@pytest.mark.parametrize(
    "text",
    [
        "@import 'https://elsewhere.example/x.css';",
        "a { background: url(//elsewhere.example/x.png) }",
        "import x from 'https://esm.example/x.js'",
        "const lib = 'https://unpkg.com/x'",
    ],
)
def test_an_outside_address_in_a_static_file_is_seen(text):
    assert outside_addresses("static/x", text)
