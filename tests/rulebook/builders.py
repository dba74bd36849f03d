"""A small rulebook for tests: the C-GCLM edition, a later one with other limits, and an example that holds."""

from pathlib import Path

from classification import Rulebook, load_rulebook
from classification.pathway import RULES
from mdt.people.models import User
from mdt.rulebook import actions, library

SCHEME = "c-gclm"
EDITION = "2019"
LATER = "2030"
EXAMPLE = """
[[case]]
id = "A"
text = { en = "One small lesion in one lobe", zh = "一叶单发小病灶" }
[case.facts]
liver_metastasis = "clinical"
primary_status = "resected"
liver_lesion_count = 1
liver_max_diameter_mm = 20
liver_lobes = "left"
liver_diffuse = false
liver_resectable_r0 = true
[case.provisional]
c-gclm = ["%s"]
"""


def later_text() -> str:
    """The rules as a later edition that draws the line at 30 mm; invented, for tests only."""
    text = (RULES / "gclm" / "c-gclm-2019.toml").read_text(encoding="utf-8")
    for old, new in (
        ('edition = "2019"', f'edition = "{LATER}"'),
        ("c-gclm.2019.", f"c-gclm.{LATER}."),
        ("valid_from = 2019-10-01", "valid_from = 2030-01-01"),
        ("liver_max_diameter_mm = { le = 40 }", "liver_max_diameter_mm = { le = 30 }"),
        ("liver_max_diameter_mm = { gt = 40 }", "liver_max_diameter_mm = { gt = 30 }"),
        ("C-GCLM 2019", f"C-GCLM {LATER}"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


def small_rulebook(folder: Path, *, expected: str = "I") -> Rulebook:
    """Read from a folder of its own; `expected` is what the example expects of C-GCLM."""
    source = (RULES / "gclm" / "c-gclm-2019.toml").read_text(encoding="utf-8")
    first = source.replace("valid_from = 2019-10-01", "valid_from = 2019-10-01\nvalid_to = 2030-01-01")
    (folder / "c-gclm-2019.toml").write_text(first, encoding="utf-8")
    (folder / "c-gclm-2030.toml").write_text(later_text(), encoding="utf-8")
    (folder / "examples.toml").write_text(EXAMPLE % expected, encoding="utf-8")
    return load_rulebook(folder)


def edition_of(rulebook: Rulebook, edition: str = EDITION):
    return next(each for each in rulebook["gclm"].editions if (each.scheme, each.edition) == (SCHEME, edition))


def judge(edition, by: User, rule: str, verdict: str = "as-in-paper", **fields):
    """One rule compared with the paper."""
    said = {"place": "page 6, table 2", "paper_says": "something else" if verdict == "differs" else "", **fields}
    return actions.judge_rule(pathway="gclm", edition=edition, rule=rule, verdict=verdict, by=by, **said)


def judge_all(edition, by: User) -> None:
    """Every rule found as in the paper, one after the other: tests need it, the pages do not offer it."""
    for each in library.citables(edition):
        judge(edition, by, each.id)


def sign(edition, by: User, status: str, based_on: str, reason: str = "Read beside the paper."):
    return actions.sign_edition(pathway="gclm", edition=edition, status=status, by=by, reason=reason, based_on=based_on)
