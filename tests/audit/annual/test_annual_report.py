"""The annual report: asked for, made by the worker with a word after each table, kept once, read back from the PDF."""

import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from mdt.audit.annual import actions, making
from mdt.audit.annual.contents import STYLE, number_of_steps, report_data, scope_of, steps_of
from mdt.audit.figures import axes
from mdt.audit.models import AnnualReport, AuditRow
from mdt.audit.pictures.views import pictures_of
from mdt.audit.registry import FIGURES
from mdt.audit.survival import figures as survival
from mdt.duties.actions import claim_due
from mdt.duties.models import Duty
from mdt.duties.tasks import carry_out
from mdt.events.models import Event
from tests.audit.figures.conftest import *  # noqa: F403 - rows made directly

pytestmark = pytest.mark.django_db
YEAR = {"first_on": date(2026, 1, 1), "last_on": date(2026, 12, 31)}
INJECTION = '#read("/etc/passwd") *b* <script> $x$ @ref \\ // [] #{1+1}'


def ask(team, by, language="en", **changes) -> AnnualReport:
    return actions.ask_report(team=team, by=by, language=language, **YEAR | changes)


def work(report: AnnualReport) -> AnnualReport:
    """As the worker does it: claim what is due, carry it out."""
    for duty in claim_due(now=timezone.now(), limit=20):
        if duty.kind == "annual-report":
            carry_out(duty)
    report.refresh_from_db()
    return report


def paper(report: AnnualReport) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: the text on paper is not read back")
    content = bytes(report.content)
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.fixture
def year(add_row):
    """Decisions of every kind over some months, with follow-up."""
    for month in range(1, 9):
        for number, kind in enumerate(("I", "II", "III", "III")):
            held_on = date(2026, month, 3 + number)
            came = {"died_on": held_on + timedelta(days=90 * number + 20)} if number % 2 else {
                "last_seen_on": held_on + timedelta(days=400)
            }  # fmt: skip
            add_row(meeting_on=held_on, confirmed=kind, discussed_after_days=number, ready_after_days=2, **came)
    add_row(concordance="different_with_reason", departure="technical", implementation="not_done",
            not_done_because="toxicity")  # fmt: skip


def test_the_worker_makes_a_pdf_with_a_word_after_each_table(year, team, auditor, monkeypatch):
    said = []
    note = actions.note_progress
    monkeypatch.setattr(making.actions, "note_progress", lambda **kept: said.append(kept["done"]) or note(**kept))
    report = work(ask(team, auditor))
    assert (report.state, report.done, report.total) == ("done", len(FIGURES), len(FIGURES))
    assert said == list(range(len(FIGURES) + 1))
    assert bytes(report.content).startswith(b"%PDF-")
    assert Duty.objects.get(kind="annual-report").state == "done"
    assert set(Event.objects.filter(kind__startswith="annual-report").values_list("kind", "by__username")) == {
        ("annual-report-asked", "auditor"), ("annual-report-made", None),
    }  # fmt: skip


def test_the_paper_holds_the_figures_of_the_pages(year, team, auditor, scope):
    words = paper(work(ask(team, auditor)))
    for said in (
        "Annual report of the tumour board", "1 Jan 2026 to 31 Dec 2026", team.hospital, "c-gclm 2019",
        axes.matrix(scope).notes[0], "Log-rank test", "immortal time", "RECORD, Type I", "33.0 %", "Toxicity",
    ):  # fmt: skip
        assert said in words, said
    for figure in FIGURES:
        assert str(figure.build(scope).title) in words


def test_the_chinese_paper_is_chinese(year, team, auditor, scope):
    words = paper(work(ask(team, auditor, "zh-hans")))
    for said in ("年度报告", "各确认类型的生存", "永生时间", "各环节间隔天数", "RECORD"):
        assert said in words.replace(" ", ""), said
    english = {
        text for table in (figure.build(scope) for figure in FIGURES) for text in (table.title, table.how_counted)
    }
    assert len(english) > 10
    assert [text for text in english if str(text)[:40] in words] == []


def test_every_drawing_has_its_words_for_who_cannot_see_it(year, team, auditor):
    report = ask(team, auditor)
    parts = list(steps_of(report))
    drawn = [part["picture"] for part in parts if part["picture"]["svg"]]
    assert len(drawn) > 7
    assert all(picture["alt"] and "<title>" not in picture["svg"] for picture in drawn)
    content = bytes(work(report).content)
    assert b"/StructTreeRoot" in content or b"/ObjStm" in content
    assert number_of_steps() == len(parts)


def test_every_class_of_a_drawing_has_its_colours_on_page_and_paper(year, scope):
    pictures = [*pictures_of(scope), survival.type_picture(scope), survival.concordance_picture(scope)]
    classes = {name for picture in pictures for mark in picture.drawing.marks for name in mark.css.split()}
    screen = (Path(settings.BASE_DIR) / "static/css/audit.css").read_text()
    style = STYLE.read_text()
    plain = {"ln1", "pt"}  # the first line is drawn as every line
    assert len(classes) > 15
    assert [name for name in classes - plain if f".chart .{name}" not in screen and f".{name}" not in screen] == []
    assert [name for name in classes - plain if f".{name}" not in style] == []


def test_an_empty_year_and_one_case_make_a_paper_too(team, auditor, add_row):
    assert work(ask(team, auditor)).state == "done"
    add_row(meeting_on=date(2027, 5, 5), proposed="", confirmed="", treatment="", concordance="no_proposal")
    later = work(ask(team, auditor, first_on=date(2027, 1, 1), last_on=date(2027, 12, 31)))
    assert "1 decisions of 1 listed cases" in paper(later)


def test_words_of_people_are_never_markup(team, auditor, add_row):
    team.name = INJECTION
    team.save()
    add_row()
    report = work(ask(team, auditor))
    assert report.state == "done"
    assert '#read("/etc/passwd") *b*' in paper(report)


def test_asking_for_what_is_being_made_gives_the_same_report(team, auditor, chair):
    report = ask(team, auditor)
    assert ask(team, chair) == report
    assert ask(team, chair, "zh-hans") != report
    work(report)
    assert ask(team, auditor) != report


def test_two_workers_at_one_report_keep_one_pdf(year, team, auditor):
    report = ask(team, auditor)
    first, second = making.make(report.pk), making.make(report.pk)
    first()
    report.refresh_from_db()
    kept = report.digest, report.ended_at
    second()
    report.refresh_from_db()
    assert (report.digest, report.ended_at) == kept
    assert making.make(report.pk) is None
    assert Event.objects.filter(kind="annual-report-made").count() == 1


def test_the_same_rows_give_the_same_paper(year, team, auditor):
    report = ask(team, auditor)
    with translation.override("en"):
        assert report_data(report, list(steps_of(report))) == report_data(report, list(steps_of(report)))


def test_a_paper_that_cannot_be_set_is_given_up_and_says_so(team, auditor, client, monkeypatch):
    monkeypatch.setattr(making, "report_data", lambda *_given: {"lang": "en"})  # the template asks for more
    report = work(ask(team, auditor))
    assert (report.state, bool(report.error)) == ("failed", True)
    client.force_login(auditor)
    page = client.get(report.get_absolute_url())
    assert "could not be made" in page.content.decode()
    assert client.get(reverse("annual-report-file", args=[report.pk])).status_code == 404


def test_a_report_counts_only_its_own_team(team, auditor, add_row):
    add_row()
    add_row(team_id=team.pk + 1)
    assert scope_of(ask(team, auditor)).rows().count() == 1
    assert AuditRow.objects.count() == 2


def test_a_reader_asks_watches_and_opens_it(year, team, client, auditor):
    client.force_login(auditor)
    asked = {"team": team.pk, "period": "last", "language": "en"}
    page = client.post(reverse("annual-reports"), asked, follow=True)
    report = AnnualReport.objects.get()
    assert page.redirect_chain[-1][0] == report.get_absolute_url()
    assert "Waiting for its turn" in page.content.decode()
    assert report.last_on == timezone.localdate()
    work(report)
    part = client.get(report.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "Open the PDF" in part
    assert "<html" not in part
    file = client.get(reverse("annual-report-file", args=[report.pk]))
    assert (file.headers["Content-Type"], file.content) == ("application/pdf", bytes(report.content))
    assert Event.objects.filter(kind="annual-report-opened", by=auditor).count() == 1


def test_a_wrong_choice_stores_nothing(team, client, auditor):
    client.force_login(auditor)
    answer = client.post(reverse("annual-reports"), {"team": team.pk, "period": "1887", "language": "en"})
    assert (answer.status_code, AnnualReport.objects.count()) == (422, 0)


def test_chair_and_auditor_may_and_nobody_else(client, team, chair, auditor, surgeon, coordinator, admin):
    report = ask(team, auditor)
    for person, status in [(chair, 200), (auditor, 200), (surgeon, 403), (coordinator, 403), (admin, 403)]:
        client.force_login(person)
        assert client.get(reverse("annual-reports")).status_code == status
        assert client.get(report.get_absolute_url()).status_code == status


def test_a_silent_worker_is_said(client, team, auditor, monkeypatch):
    report = ask(team, auditor)
    client.force_login(auditor)
    assert "has stopped" not in client.get(report.get_absolute_url()).content.decode()
    Duty.objects.filter(kind="annual-report").update(due_at=timezone.now() - timedelta(minutes=5))
    assert "has stopped" in client.get(report.get_absolute_url()).content.decode()


def test_a_report_that_the_worker_gave_up_says_so_and_can_be_asked_for_again(client, year, team, auditor):
    report = ask(team, auditor)
    Duty.objects.filter(kind="annual-report").update(state="failed", attempts=5, last_error="x")
    client.force_login(auditor)
    page = client.get(report.get_absolute_url()).content.decode()
    assert "was given up" in page
    assert "every 2s" not in page, "nothing moves any more"
    assert ask(team, auditor) == report
    assert "was given up" not in client.get(report.get_absolute_url()).content.decode()
    assert work(report).state == "done"
