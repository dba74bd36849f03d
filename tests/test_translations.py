"""The Chinese catalogue is complete, agrees with its sources, and leaves no English on the pages."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cases.models import Case, Finding, Patient, PsychosocialNote, Quotation, Restaging
from cases.replaying import Question
from classification import load_pathway
from classification.pathway import RULES
from mdt.audit.annual import actions as annual
from mdt.audit.conditions import CONDITIONS
from mdt.audit.figures import breakdowns, series
from mdt.audit.models import FollowUpEvent, ImplementationReport
from mdt.audit.packs import actions as packs
from mdt.audit.registry import FIGURES
from mdt.audit.replay import actions as replay
from mdt.meetings.documents.meeting_minutes import minutes_data
from mdt.meetings.documents.outcome_letter import letter_data
from mdt.meetings.models import (
    AgendaItem,
    ChosenOption,
    ClosedDay,
    Decision,
    DecisionCondition,
    Dissent,
    Meeting,
    NextStep,
    Opinion,
    RejectedOption,
    Series,
    Spoken,
    Told,
)
from mdt.people.disciplines import Discipline
from mdt.people.models import Team, User
from mdt.privacy.models import ErasureRequest, Restriction
from tests import chinese_blanks

CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HAN = re.compile(r"[\u4e00-\u9fff]")
SOURCES = ("mdt", "cases", "classification", "templates", "static", "locale", "manage.py")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(settings.BASE_DIR / CATALOGUE))


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_entry_is_translated_and_none_is_left_over(catalogue):
    assert [entry.msgid for entry in catalogue if not all(translations(entry))] == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []


PARTS = {
    "placeholders": re.compile(r"%\(\w+\)[a-z]|%%"),
    "fields": re.compile(r"(?<!%)\{\w*\}"),
    "markup": re.compile(r"</?[a-z]+[^>]*>"),
}


@pytest.mark.parametrize("part", PARTS)
def test_translations_keep_what_is_filled_in_and_marked_up(catalogue, part):
    find = PARTS[part].findall
    differ = [
        (entry.msgid, translated)
        for entry in catalogue
        for translated in translations(entry)
        if sorted(find(translated)) != sorted(find(entry.msgid_plural or entry.msgid))
    ]
    assert differ == []


def test_translations_are_chinese_and_written_with_chinese_marks(catalogue):
    half = re.compile(r"[\u4e00-\u9fff\u201d][,;:?!]|[,;:?!][\u4e00-\u9fff]")
    texts = [translated for entry in catalogue for translated in translations(entry)]
    assert [text for text in texts if half.search(text)] == []
    filled = [PARTS["placeholders"].sub("", PARTS["markup"].sub("", text)) for text in texts]
    assert [text for text in filled if not HAN.search(text) and re.search(r"[A-Za-z]{4,}", text)] == []


def test_the_catalogue_knows_every_text_of_the_sources(catalogue, tmp_path):
    if not shutil.which("xgettext"):
        pytest.skip("no xgettext, so nobody compared the catalogue with the sources: install gettext")
    for name in SOURCES:
        source = settings.BASE_DIR / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        else:
            shutil.copy(source, tmp_path)
    made = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "--no-obsolete", "--no-location"],
        cwd=tmp_path,
        env={**os.environ, "MDT_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    fresh = polib.pofile(str(tmp_path / CATALOGUE))
    assert {key(entry) for entry in fresh} - {key(entry) for entry in catalogue} == set(), "run makemessages"
    assert {key(entry) for entry in catalogue} - {key(entry) for entry in fresh} == set(), "no longer in the sources"


def test_every_source_and_every_place_in_it_has_chinese_words():
    for path in RULES.glob("*/*.toml"):
        rules = tomllib.loads(path.read_text())
        places = set(re.findall(r'locator = "([^"]*)"', path.read_text()))
        titles = {source["text"] for source in rules.get("sources", {}).values()}
        assert (places | titles) - set(rules.get("sources_zh", {})) == set(), path.name


def key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


# --- Pages ------------------------------------------------------------------------------------------------------------

ENGLISH = re.compile(r"[A-Za-z]{4,}")
# Names and abbreviations that a Chinese report leaves as they are.
AS_THEY_ARE = {
    *("ALBI", "BCLC", "Cantlie", "Charlson", "Child", "Claudin", "Ctrl", "DPYD", "EBER", "ECOG", "Enter", "GCLM"),
    *(
        "HAIC",
        "Lauren",
        "Pugh",
        "RECIST",
        "RECORD",
        "REGONIVO",
        "RENAISSANCE",
        "Siewert",
        "TACE",
        "bulky",
        "dMMR",
        "pMMR",
    ),
    # Systems, guidelines, trials and regimens.
    *("ASCO", "ASCP", "Bertinoro", "CSCO", "ESMO", "FLOT", "GYMSSA", "HBsAg", "JGCA", "LVEF", "NCCN", "NICE", "OMEC"),
    *("REGATTA", "SBRT", "SURGIGAST", "TARE", "TCGA", "WJGPT", "Yoshida"),
    # Kinds of files, and a scheme by its code.
    *("XLSX", "Word", "bclc"),
    # An edition is named by the year of its source; "recalled" names one whose source was not read.
    "recalled",
    # Words of a recurrence rule.
    *("FREQ", "WEEKLY", "BYDAY"),
    # The kind of a rule file, and a file of the documents.
    *("TOML", "docs", "verification", "checklist"),
    # A law of another country, its code, and settings by their names.
    *("GDPR", "HIPAA", "BACKUPS", "KEPT", "RETENTION", "POLICY"),
}
# Numbers with their letters, case and meeting references, ids of rules, digests: "GC-2026-0147", "gclm.2019.liver".
# Digests come first: a group of theirs may by chance hold letters only ("dafe").
DIGEST = r"\b[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b|\b[0-9a-f]{8,}\b"
CODE = re.compile(
    r"https?://\S+|[\w.@-]+\.example\b|" + DIGEST + r"|[\w./-]*\d[\w./-]*|\b[a-z]\w*(?:[._][a-z]\w*)+|SHA-256|\{\w+\}"
)
# Bodies, standards and journals, as a Chinese paper names them.
NAMED = {
    *("ACS Commission on Cancer", "NHS England", "Making data count", "Optimal Care Pathways", "Optimal Care Pathway"),
    *("DKG/OnkoZert", "MDT-OARS", "Walsall MDT", "Kaplan–Meier", "Kaplan", "Meier", "Greenwood", "Wilson"),
    "Chin J Pract Surg",
}
SHOWN_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-label", "data-empty")
# What a date field holds, where no browser can read it: "2026/11/26".
DATES_UNREAD = re.compile(r'<input type="date"[^>]* value="(?!\d{4}-\d\d-\d\d")[^"]+"')
VOID = {"br", "hr", "img", "input", "link", "meta", "use", "wbr", "col", "source", "circle", "path", "rect", "stop"}


def strip_codes(text: str) -> str:
    return CODE.sub(" ", text)


class Visible(HTMLParser):
    """Text and spoken attributes of a page, without what is declared to be in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        hidden = tag in ("script", "style") or not named.get("lang", "zh").startswith("zh")
        hidden = hidden or bool(self._open and self._open[-1][1])
        if not hidden:
            self.texts += [value for name in SHOWN_ATTRIBUTES if (value := named.get(name))]
        if tag not in VOID:
            self._open.append((tag, hidden))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        names = [name for name, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data):
        if data.strip() and not (self._open and self._open[-1][1]):
            self.texts.append(data)


@pytest.fixture(scope="module")
def typed(demo, django_db_blocker):
    """What the people of the demonstration typed in English."""
    with django_db_blocker.unblock():
        return sorted(typed_by_people() | NAMED, key=len, reverse=True)


def typed_by_people() -> set[str]:
    fields = (
        (Team, "name", "hospital", "code"),
        (User, "name", "title", "username"),
        (Patient, "name", "hospital_number"),
        (Case, "question", "summary", "citation", "referrer", "closed_reason"),
        (Finding, "impression", "report_text", "correction_reason"),
        (Restaging, "reason"),
        (Meeting, "place"),
        (Series, "name"),
        (ClosedDay, "label"),
        (AgendaItem, "late_reason", "removed_reason"),
        (Decision, "conditions", "rationale", "reason_text", "quorum_reason", "amendment_reason"),
        (Decision, "preference", "comorbidity"),
        (ChosenOption, "detail"),
        (Dissent, "reason"),
        (Told, "note"),
        (ImplementationReport, "text", "reporter_name", "reporter_contact"),
        (FollowUpEvent, "text", "told_by"),
        (NextStep, "what"),
        (Opinion, "text"),
        (Spoken, "text"),
        (DecisionCondition, "what"),
        (RejectedOption, "reason_text"),
        (Restriction, "reason"),
        (ErasureRequest, "text"),
        (PsychosocialNote, "text"),
    )
    typed = {value for model, *names in fields for row in model.objects.values_list(*names) for value in row}
    for path in (RULES / "gclm").glob("*.toml"):  # titles of papers stay as they were published
        rules = tomllib.loads(path.read_text())
        titles = {source["text"] for source in rules.get("sources", {}).values()}
        titles |= {chinese for title, chinese in rules.get("sources_zh", {}).items() if title in titles}
        parts = {part for title in titles for part in re.split(r"((?:PMC|PubMed |NCT)\d+)", title)}  # these are links
        typed |= titles | {part for part in parts if len(part) > 4}
    free = {fact.name for fact in load_pathway("gclm").facts.values() if fact.type == "text"}
    for facts in Finding.objects.values_list("facts", flat=True):
        typed |= {value for name, value in facts.items() if name in free and isinstance(value, str)}
    typed |= {quotation.words for quotation in Quotation.objects.select_related("finding")}
    for branches in DecisionCondition.objects.values_list("branches", flat=True):
        typed |= {words for branch in branches for words in (branch["if"], branch["then"])}
    return {line.strip() for text in typed for line in text.splitlines() if len(line.strip()) > 1}


def chinese_page(username: str, address: str) -> str:
    client = Client(headers={"accept-language": "zh-hans"})
    if username:
        client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    with override("zh-hans"):  # what the request makes the current language ends with it
        response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return response.content.decode()


def english_on(html: str, typed: list[str]) -> list[str]:
    """Visible words of a page that look English, each with the text around it."""
    page = Visible()
    page.feed(html)
    assert any(HAN.search(text) for text in page.texts), "not a Chinese page"
    return english_in(page.texts, typed)


def english_in(texts: list[str], typed: list[str]) -> list[str]:
    left = []
    for text in texts:
        shown = " ".join(text.split())
        for words in typed:
            shown = shown.replace(words, " ")
        if set(ENGLISH.findall(strip_codes(shown))) - AS_THEY_ARE:
            left.append(" ".join(text.split()))
    return list(dict.fromkeys(left))


def case_pages(case: Case) -> list[tuple[str, str]]:
    names = ("case", "case-findings", "case-decisions", "case-history", "case-explanation", "what-if", "case-replay")
    names = (*names, "case-follow-up")
    pages = [("coordinator", reverse(name, args=[case.reference])) for name in names]
    return [*pages, ("auditor", reverse("case-events", args=[case.reference]))]


def pages_of(kind: str) -> list[tuple[str, str]]:
    ours = Case.objects.filter(team__code="gc").unrestricted()
    if kind == "case":
        return [page for case in ours for page in case_pages(case)]
    if kind == "findings form":
        case = ours.filter(state="referred").first()
        asked = [Discipline.SURGERY, "hepatobiliary", "oncology", "radiology", "pathology", "nursing", "endoscopy"]
        form = [("radiologist", reverse("finding-record", args=[case.reference, str(code)])) for code in asked]
        finding = case.findings.filter(discipline="radiology").first()
        one = [
            ("radiologist", reverse(name, args=[case.reference, finding.pk])) for name in ("finding", "finding-correct")
        ]
        return [*form, *one, ("radiologist", reverse("finding-new", args=[case.reference]))]
    if kind == "referral":
        case = ours.filter(state="referred").first()
        changes = [("coordinator", reverse(name, args=[case.reference])) for name in ("referral-change", "case-close")]
        return [("coordinator", reverse("case-refer")), *changes]
    if kind == "meeting":
        meetings = Meeting.objects.filter(team__code="gc")
        pages = [("coordinator", reverse("meeting", args=[meeting.reference])) for meeting in meetings]
        ahead = meetings.filter(state="planned").first()
        changes = [
            ("chair", reverse(name, args=[ahead.reference]))
            for name in ("meeting-change", "meeting-finish", "meeting-cancel", "room-enter")
        ]
        series = [("chair", reverse(name, args=["GC-S1"])) for name in ("series", "series-change", "series-end")]
        lists = ("meetings", "meeting-plan", "my-meetings", "series-list", "series-start")
        calendar = ("chair", reverse("team-calendar", args=["gc"]))
        return [*pages, *changes, *series, calendar, *(("chair", reverse(name)) for name in lists)]
    if kind == "room":
        items = AgendaItem.objects.filter(meeting__team__code="gc", meeting__state="planned")
        rooms = [reverse("room", args=[item.meeting.reference, item.case.reference]) for item in items]
        steps = ("opinions", "proposal", "decide", "sign")
        return [("chair", f"{room}?step={step}") for room in rooms for step in steps]
    if kind == "decision":
        made = Decision.objects.filter(meeting__team__code="gc")
        return [
            ("chair", reverse("decision", args=[row.meeting.reference, row.case.reference, row.version]))
            for row in made
        ]
    if kind == "audit":
        return audit_pages()
    if kind == "privacy":
        asked = [
            ("erasure", ErasureRequest.objects.earliest("pk")),
            ("restriction-lift", Restriction.objects.earliest("pk")),
        ]
        ours = [("privacy", reverse(name, args=[row.pk])) for name, row in asked]
        return [*ours, *((who, reverse(name, args=arguments)) for who, name, *arguments in OTHER_PAGES[kind])]
    return [(who, reverse(name, args=arguments)) for who, name, *arguments in OTHER_PAGES[kind]]


def audit_pages() -> list[tuple[str, str]]:
    """Every page of the audit, over jobs in each state that the worker may leave them in."""
    team, auditor = Team.objects.get(code="gc"), User.objects.get(username="auditor")
    strict = Question("gclm", "c-gclm", "2019", "C")
    run, waiting, stopped = (
        replay.start_replay(team=team, question=strict, is_all_snapshots=False, by=auditor) for _each in range(3)
    )
    while replay.carry_on(run_id=run.pk):
        pass
    replay.cancel_replay(run=stopped, by=auditor)
    item = AgendaItem.objects.filter(decisions__version=1, meeting__team=team).first()
    days = {"first_on": date(2026, 1, 1), "last_on": timezone.localdate(), "language": "zh-hans"}
    packed = packs.ask_pack(team=team, by=auditor, item=item, **days)
    packs.make_at_once(pack=packed)
    jobs = [run, waiting, stopped, packed, packs.ask_pack(team=team, by=auditor, **days)]
    failed = annual.ask_report(team=team, by=auditor, **days)
    annual.fail_report(report=failed, error="none")
    jobs += [failed, annual.ask_report(team=team, by=auditor, **days)]
    figures = dict.fromkeys(figure.page for figure in FIGURES)
    lists = (*figures, "audit-cases", "replays", "learning", "research", "annual-reports", "packs", "events")
    parts = [reverse(name, args=[run.pk]) for name in ("replay-cases", "replay-decisions")]
    asked = [f"{reverse('audit')}?by={name}" for name in (*breakdowns.DIMENSIONS, "reason")]
    asked += [f"{reverse('audit-indicators')}?chart={key}" for key in series.KEYS]
    asked += [f"{reverse(name)}?from=2020-01-01&to=2150-01-01&confirmed=II&team=0" for name in figures]
    asked += [f"{reverse('audit-cases')}?only={name}" for name in CONDITIONS]
    pages = [*map(reverse, lists), *parts, *asked, *(job.get_absolute_url() for job in jobs)]
    event = FollowUpEvent.objects.filter(case__team=team, superseded_by=None).first()
    made = item.decisions.latest("version")
    forms = [
        reverse("follow-up-correct", args=[event.case.reference, event.pk]),
        reverse("implementation-report", args=[made.meeting.reference, made.case.reference, made.version]),
    ]
    return [*(("auditor", page) for page in pages), *(("oncologist", page) for page in forms)]


OTHER_PAGES = {
    "queue": [(who, "queue") for who in ("coordinator", "radiologist", "chair")],
    "queue's parts": [("coordinator", "queue-waited-for"), ("coordinator", "meeting-next")],
    "event log": [("auditor", "events")],
    "teams": [
        ("admin", "teams"),
        ("admin", "team", "gc"),
        ("admin", "person-add", "gc"),
        ("admin", "member-add", "gc"),
        ("admin", "person", "gc", "radiologist"),
    ],
    "rules": [
        ("chair", "rules"),
        *(("chair", "rules-part", "gclm", part) for part in ("options", "arguments", "gates", "assumptions")),
        *(
            ("chair", name, "gclm", *edition)
            for edition in (("c-gclm", "2019"), ("tnm", "8"))
            for name in ("rules-edition", "rules-coverage", "rules-checklist", "rules-compare")
        ),
    ],
    "follow-up": [("chair", "follow-up")],
    "next steps": [("oncologist", "next-steps"), ("chair", "meeting-steps", "GC-M1")],
    "privacy": [
        *(("privacy", name) for name in ("privacy", "restriction-place", "hold-place", "erasure-ask")),
        ("chair", "patient-copy", "GC-2026-0001"),
    ],
    "account": [("radiologist", "account"), ("radiologist", "password-change"), ("", "sign-in")],
}
KINDS = ["case", "findings form", "referral", "meeting", "room", "decision", "audit", *OTHER_PAGES]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_no_english_is_left_on_the_chinese_pages_no_blank_between_sentences_and_no_date_unread(typed, kind):
    left, blanks, dates = {}, {}, {}
    for username, address in pages_of(kind):
        html = chinese_page(username, address)
        for found, texts in ((left, english_on(html, typed)), (blanks, chinese_blanks.on_page(html))):
            for text in texts:
                found.setdefault(text, address)
        dates |= dict.fromkeys(DATES_UNREAD.findall(html), address)
    assert not left, "\n".join(f"{address}: {text}" for text, address in left.items())
    assert not blanks, "\n".join(f"{address}: {text}" for text, address in blanks.items())
    assert dates == {}


def texts_in(data: object) -> list[str]:
    if isinstance(data, str):
        return [data]
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list | tuple) else ()
    return [text for part in parts for text in texts_in(part)]


@pytest.mark.django_db
def test_no_english_is_left_on_the_chinese_papers(typed):
    papers = [letter_data(decision, "zh-hans") for decision in Decision.objects.all()]
    papers += [minutes_data(meeting, "zh-hans") for meeting in Meeting.objects.all()]
    left = dict.fromkeys(text for paper in papers for text in english_in(texts_in(paper), typed))
    assert not left, "\n".join(left)
    assert [blank for paper in papers for text in texts_in(paper) for blank in chinese_blanks.in_text(text)] == []
