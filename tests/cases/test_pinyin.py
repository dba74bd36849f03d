"""Cases of patients with Chinese names are found by the sound of the name, and no longer than the name is there."""

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions.projection import project
from cases.models import Case
from cases.queue import Filters, Queue
from mdt.help.search import search
from mdt.meetings.forms.long_select import LongSelect
from mdt.meetings.meeting_page import candidates_for
from tests.builders import make_case
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def zeng(case):
    case.patient.name = "曾建国"
    case.patient.save(update_fields=["name"])
    project(case=case)
    return case


def queue_finds(user, text) -> list[Case]:
    page = Queue(user, Filters.from_query({"q": text})).page()
    return [case for _name, cases in page.groups for case in cases]


@pytest.mark.parametrize("typed", ["zeng", "ZENG jianguo", "zjg", "ceng", "曾建"])
def test_queue_and_palette_and_agenda_find_it(zeng, surgeon, coordinator, chair, typed):
    make_case(team=zeng.team)
    assert queue_finds(surgeon, typed) == [zeng]
    assert search(surgeon, typed).cases == [zeng]
    meeting = plan(zeng.team, coordinator, chair=chair)
    assert [each.case for each in candidates_for(meeting, typed)] == [zeng]


def test_a_restricted_case_keeps_nothing_of_the_sound(zeng):
    zeng.is_restricted = True
    project(case=zeng)
    assert Case.objects.get(pk=zeng.pk).search_text == zeng.reference


@pytest.mark.parametrize("migration", ["0011_pinyin", "0015_pinyin_of_latin_names"])
def test_the_migration_fills_cases_that_were_there(zeng, migration):
    whole = zeng.search_text
    sound = "cengjianguo cjg cengjg zengjianguo zjg zengjg"
    assert whole.endswith(sound)
    Case.objects.update(search_text=whole.removesuffix(sound).rstrip())
    fill = importlib.import_module(f"cases.migrations.{migration}").fill
    with connection.schema_editor(atomic=False) if connection.vendor == "postgresql" else Nothing() as editor:
        fill(apps, editor)
        fill(apps, editor)  # once more changes nothing
    assert Case.objects.get(pk=zeng.pk).search_text == whole


class Nothing:
    """Stands for a schema editor, of which the migration asks only for the connection."""

    connection = connection

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None


def test_a_search_reads_the_narrow_index(zeng, surgeon):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        queue_finds(surgeon, "zjg")
    matching = next(query["sql"] for query in asked if "search_text" in query["sql"])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            plan = str(cursor.execute(f"EXPLAIN QUERY PLAN {matching}").fetchall())
        assert "COVERING INDEX case_search" in plan


def test_a_person_in_a_list_carries_the_sound_of_the_name():
    widget = LongSelect(choices=[("1", "王医生, surgery"), ("2", "Dr Bai")])
    markup = widget.render("who", "1")
    assert '<option value="1" selected data-sound="' in markup
    assert " wys" in markup
    assert '<option value="2">Dr Bai</option>' in markup


def test_a_term_of_the_glossary_and_a_page_are_found_by_their_sound(surgeon):
    assert search(surgeon, "bingli").doors  # 病例队列
    assert search(surgeon, "zanding").words  # 暂定
