"""The demonstration in Chinese: every text of the scenario has its words, and the same facts are shown."""

import json
import re
import tomllib

import pytest

from cases.models import Case, Finding
from mdt.demo.play import HERE, INVENTED, Play
from mdt.demo.words import Words
from mdt.meetings.models import Decision
from mdt.people.models import Team, User

CODES = {"id", "published", "team", "username", "referrer_email", "video_url", "person", "by", "owner", "responsible"}
LATIN = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")


def texts(part, name=""):
    """Everything that a reader would take for words: it begins with a capital, or has a blank."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from texts(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from texts(value, name)
    elif isinstance(part, str) and name not in CODES and re.search(r"^[A-Z][a-z]|[a-z] [a-z(]", part.strip()):
        yield part


def test_every_text_of_the_scenario_and_of_its_published_cases_has_chinese_words():
    scenario = tomllib.loads((HERE / "scenario.toml").read_text(encoding="utf-8"))
    said = {*texts(scenario), INVENTED}
    for entry in scenario["case"]:
        published = json.loads((HERE / "published" / f"{entry['published']}.json").read_text(encoding="utf-8"))
        said |= {published[part] for part in ("question", "summary", "history") if part in published}
    assert len(said) > 100
    words = Words("zh-hans")
    assert [text for text in said if words.of(text) == text] == []


def test_english_stays_as_it_is_written():
    assert Words("en").throughout({"name": ["Wei Zhong"]}) == {"name": ["Wei Zhong"]}


@pytest.mark.long
@pytest.mark.django_db
def test_an_installation_in_chinese_shows_its_demonstration_in_chinese(settings):
    settings.LANGUAGE_CODE = "zh-hans"
    Play(password="only-for-this-test").perform()
    assert str(Team.objects.get(code="gc")) == "上消化道肿瘤MDT，演示医院"
    assert User.objects.get(username="chair").display_name == "魏忠教授"
    shown = [*Case.objects.values_list("question", flat=True), *Case.objects.values_list("summary", flat=True)]
    shown += Decision.objects.values_list("rationale", flat=True)
    shown += Finding.objects.values_list("impression", flat=True)
    assert [text for text in shown if LATIN.search(text)] == []
    meihua = Case.objects.get(patient__name="林美华")
    report = meihua.findings.exclude(report_text="").get(discipline="radiology")
    assert report.quotations.exists(), "the facts are found in the Chinese words as in the English ones"
