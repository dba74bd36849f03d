"""The pages of figures: who may read them, and that opening cases behind a number is logged."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mdt.audit.models import AuditRow
from mdt.audit.rows.actions import behind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.people.models import Membership, Role, Team
from tests.builders import make_team
from tests.meetings.builders import content_for
from tests.meetings.conftest import *  # noqa: F403 - a planned meeting with a case on its agenda

pytestmark = pytest.mark.django_db
FIGURES = ("audit", "audit-indicators", "audit-attendance", "audit-pictures", "audit-survival")
PAGES = (*FIGURES, "audit-cases", "annual-reports", "learning", "replays")
AHEAD = "The period ends in the future"


@pytest.mark.parametrize("name", PAGES)
def test_chair_and_auditor_read_it_and_nobody_else(name, client, chair, auditor, surgeon, coordinator, admin):
    for person, status in [(chair, 200), (auditor, 200), (surgeon, 403), (coordinator, 403), (admin, 403)]:
        client.force_login(person)
        assert client.get(reverse(name)).status_code == status


@pytest.mark.parametrize("name", FIGURES)
def test_a_period_that_ends_in_the_future_says_so(name, client, auditor):
    today = timezone.localdate()
    client.force_login(auditor)
    assert AHEAD not in client.get(reverse(name), {"to": today.isoformat()}).content.decode()
    ahead = {"to": (today + timedelta(days=1)).isoformat()}
    assert AHEAD in client.get(reverse(name), ahead).content.decode()
    assert AHEAD in client.get(reverse(name), {"from": "2199-12-31"}).content.decode()


def test_a_decision_of_a_meeting_held_before_its_day_is_named_and_one_click_away(client, auditor, team):
    day = timezone.localdate() + timedelta(days=7)
    AuditRow.objects.create(
        item_id=1,
        case_id=1,
        meeting_id=1,
        team_id=team.pk,
        pathway="gclm",
        meeting_on=day,
        ended=AuditRow.Ended.DECIDED,
    )
    client.force_login(auditor)
    page = client.get(reverse("audit"))
    assert "1 decision of a meeting dated after this period is not in it." in page.text
    later = client.get(f"{reverse('audit')}?{page.context['with_those_ahead']}")
    assert "dated after this period" not in later.text
    assert f"to={day}" in next(each.query for each in page.context["periods"] if each.label == "All")


def test_ahead_are_only_the_decisions_of_ones_teams_after_the_period(client, auditor, team, other_team):
    today = timezone.localdate()
    places = [(team, 3), (team, 10), (other_team, 10)]
    for number, (of_team, days) in enumerate(places, start=1):
        AuditRow.objects.create(
            item_id=number,
            case_id=number,
            meeting_id=number,
            team_id=of_team.pk,
            pathway="gclm",
            meeting_on=today + timedelta(days=days),
            ended=AuditRow.Ended.DECIDED,
        )
    client.force_login(auditor)

    def counted(last_on):
        ahead = client.get(reverse("audit"), {"to": last_on.isoformat()}).context["ahead"]
        return ahead.decisions if ahead else None

    assert counted(today) == 2, "another team's is not counted"
    assert counted(today + timedelta(days=5)) == 1, "what lies in the period is in it"
    assert counted(today + timedelta(days=10)) is None
    assert counted(today - timedelta(days=1)) is None, "a past period is not about what is to come"


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(
    "query",
    [
        "from=2000-01-01&to=2200-01-01",
        "from=2026-02-30&to=never",
        "from=2026-05-01&to=2026-04-01",
        "team=0&team=x&team=%C2%B2&team=99999999999999999999",
        "by=%3Cb%3E&chart=nothing&page=-1",
        "confirmed=%00&option='%3B--&edition=%F0%9F%98%80&reason=..&only=decided&ended=open",
        "concordance=no_proposal&concordance=concordant&discipline=-",
    ],
)
def test_whatever_an_address_asks_for_gives_a_page(name, query, client, auditor):
    client.force_login(auditor)
    assert client.get(f"{reverse(name)}?{query}").status_code == 200


def test_an_auditor_of_two_teams_chooses_one_and_never_a_third(client, auditor, team, other_team):
    third = Team.objects.create(name="Third", hospital="Third hospital", code="third")
    Membership.objects.create(user=auditor, team=other_team, role=Role.AUDITOR)
    client.force_login(auditor)
    both = client.get(reverse("audit"))
    assert set(both.context["scope"].teams) == {team.pk, other_team.pk}
    assert [choice.value for choice in both.context["filters"][0].choices[1:]] == sorted(
        [str(team.pk), str(other_team.pk)], key=lambda pk: str(Team.objects.get(pk=pk))
    )
    one = client.get(reverse("audit"), {"team": [other_team.pk, third.pk]})
    assert one.context["scope"].teams == (other_team.pk,)
    assert f"team={third.pk}" in one.content.decode()
    assert str(third) not in one.content.decode()


def test_a_page_takes_in_what_was_done_since(signed, client, auditor):
    assert behind() > 0
    client.force_login(auditor)
    page = client.get(reverse("audit"), {"to": signed.meeting.local_start.date().isoformat()})
    assert page.context["counts"].decided == 1
    assert AuditRow.objects.count() == 1
    assert behind() == 0


def test_cases_behind_a_number_count_as_opened(signed, client, auditor):
    client.force_login(auditor)
    answer = client.get(reverse("audit-cases"), {"to": signed.meeting.local_start.date().isoformat()})
    assert signed.case.reference in answer.content.decode()
    assert signed.case.patient.name not in answer.content.decode()
    line = Event.objects.get(kind="case-opened", by=auditor)
    assert (line.case_reference, line.data) == (signed.case.reference, {"page": "audit"})


def test_the_list_of_cases_is_a_file_with_the_rows_of_the_page_and_one_line_in_the_log(signed, client, auditor, team):
    client.force_login(auditor)
    before = Event.objects.count()
    asked = {"table": "cases", "only": "decided", "to": "2200-01-01"}
    answer = client.get(reverse("audit-export"), {**asked, "form": "csv"})
    lines = list(csv.reader(StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert lines[1][:2] == [signed.case.reference, signed.meeting.reference]
    assert lines[2] == [], "the one case that was decided"
    assert signed.case.patient.name not in answer.content.decode()
    new = Event.objects.order_by("number")[before:]
    assert [(line.kind, line.team, line.data["table"]) for line in new] == [("audit-exported", team, "cases")]
    nothing = client.get(reverse("audit-export"), {**asked, "only": "deferred", "form": "csv"}).content.decode()
    assert signed.case.reference not in nothing
    book = load_workbook(BytesIO(client.get(reverse("audit-export"), {**asked, "form": "xlsx"}).content))
    assert signed.case.reference in [cell.value for cell in book.worksheets[0]["A"]]
    page = client.get(reverse("audit-cases"), {"only": "decided", "to": "2200-01-01"}).content.decode()
    assert "table=cases&amp;form=csv" in page
    assert "only=decided" in page


def test_the_list_of_cases_is_taken_away_by_auditors_only(signed, client, surgeon):
    client.force_login(surgeon)
    assert client.get(reverse("audit-export"), {"table": "cases", "form": "csv"}).status_code == 403


def test_a_number_that_matches_nothing_opens_nothing(signed, client, auditor):
    client.force_login(auditor)
    answer = client.get(reverse("audit-cases"), {"only": "deferred"})
    assert "Nothing in this period fits" in answer.content.decode()
    assert not Event.objects.filter(kind="case-opened", by=auditor).exists()


def test_what_was_not_understood_is_said(client, auditor):
    client.force_login(auditor)
    assert "implementation=&lt;b&gt;" in client.get(reverse("audit"), {"implementation": "<b>"}).content.decode()


def test_the_list_names_the_condition_under_which_a_case_is_concordant(
    client, auditor, item, proposal, oncologist, coordinator, full_room
):
    content = content_for(proposal, oncologist, conditions="Laparoscopy first.")
    actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)
    client.force_login(auditor)
    until = {"to": (timezone.localdate() + timedelta(days=30)).isoformat()}
    page = client.get(reverse("audit-cases"), until).text
    assert "Concordant under a condition" in page or "concordant under a condition" in page
    assert "Laparoscopy first" in page
    taken = client.get(reverse("audit-export"), until | {"table": "cases", "form": "csv"}).content.decode()
    assert "oncordant under a condition" in taken
    assert "Laparoscopy" not in taken, "the words of a meeting about a patient are in no file"


@pytest.mark.parametrize("name", [*FIGURES, "audit-cases", "learning", "research"])
def test_wherever_a_scope_is_shown_it_says_that_a_synthetic_team_is_not_counted(name, client, auditor, synthetic):
    client.force_login(auditor)
    page = client.get(reverse(name)).text
    assert page.count("Not counted: Made up, synthetic data for demonstration.") == 1
    assert f"?team={synthetic.pk}&amp;" in page


@pytest.mark.parametrize("name", ["annual-reports", "replays", "packs"])
def test_a_synthetic_team_is_called_so_where_a_team_is_chosen(name, client, auditor, synthetic):
    client.force_login(auditor)
    page = client.get(reverse(name)).text
    assert re.search(rf'<option value="{synthetic.pk}"[^>]*>[^<]*Made up[^<]*\(synthetic data\)', page)


@pytest.fixture
def synthetic(auditor):
    team = make_team("sy", is_synthetic=True, name="Made up")
    Membership.objects.create(team=team, user=auditor, role=Role.AUDITOR)
    return team
