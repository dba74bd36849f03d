import json
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from cases.actions.projection import set_state
from cases.models import Case, Waiting
from cases.queue import PAGE_SIZE, Filters, Key, Queue
from mdt.meetings import actions
from mdt.people.models import Role, User
from tests.builders import complete_case, make_case, make_finding, make_user
from tests.meetings.builders import plan
from tests.remembered import remembered


def _shown(user: User, query: str = "") -> list[tuple[str, str]]:
    """(group, patient) of every case over all pages, walked forwards."""
    queue, shown, key = Queue(user, Filters.from_query(QueryDict(query))), [], None
    while True:
        page = queue.page(after=key)
        shown += [(name, case.patient.name) for name, cases in page.groups for case in cases]
        key = page.following
        if key is None:
            return shown


@pytest.fixture
@remembered
def many(team, coordinator):
    """Sixty cases; every third one lacks nothing from radiology."""
    cases = []
    for number in range(60):
        case = make_case(
            team=team,
            by=coordinator,
            name=f"Case {number:02}",
            target_on=timezone.localdate() + timedelta(days=number // 4),
        )
        if number % 3 == 0:
            Waiting.objects.filter(case=case, whom="radiology").delete()
        cases.append(case)
    return cases


def test_what_waits_for_me_stands_first_then_by_target_date_and_every_case_once(many, radiologist):
    shown = _shown(radiologist)
    assert len(shown) == len(set(shown)) == 60
    mine = [name for group, name in shown if group == "mine"]
    assert mine == sorted(f"Case {number:02}" for number in range(60) if number % 3)
    assert [group for group, _name in shown[:40]] == ["mine"] * 40
    assert {group for group, _name in shown[40:]} == {"preparing"}


def test_paging_backwards_shows_the_same_pages(many, radiologist):
    queue = Queue(radiologist, Filters())
    first = queue.page()
    second = queue.page(after=first.following)
    third = queue.page(after=second.following)
    assert third.following is None
    assert sum(len(cases) for _name, cases in third.groups) == 60 - 2 * PAGE_SIZE
    assert queue.page(before=third.preceding).groups == second.groups
    assert queue.page(before=second.preceding).groups == first.groups
    assert first.preceding is None
    assert queue.page(before=second.preceding).preceding is None


def test_a_case_added_before_the_key_neither_repeats_nor_drops_another(many, radiologist, coordinator, team):
    queue = Queue(radiologist, Filters())
    first = queue.page()
    make_case(team=team, by=coordinator, name="Newcomer", target_on=timezone.localdate())
    second = queue.page(after=first.following)
    seen = [case.pk for page in (first, second) for _name, cases in page.groups for case in cases]
    assert len(seen) == len(set(seen)) == 2 * PAGE_SIZE


def test_a_broken_key_starts_at_the_beginning(many, client, radiologist):
    client.force_login(radiologist)
    for key in (
        "x",
        "9.20261301.1",
        "0.20260101.abc",
        "99.20260101.1",
        "-1.20260101.1",
        "0.20260101.99999999999999999999",
    ):
        assert client.get("/", {"after": key}).status_code == 200
        assert Key.parse(key) is None
    assert client.get("/", {"before": "0.20200101.1"}).status_code == 200


def test_search_finds_names_case_numbers_and_hospital_numbers(team, coordinator, surgeon):
    make_case(team=team, by=coordinator, name="Lin Meihua", hospital_number="H-77881")
    case = make_case(team=team, by=coordinator, name="林美华")
    assert [name for _group, name in _shown(surgeon, "q=meihua")] == ["Lin Meihua", "林美华"]  # by its sound
    assert [name for _group, name in _shown(surgeon, "q=77881")] == ["Lin Meihua"]
    assert [name for _group, name in _shown(surgeon, "q=美华")] == ["林美华"]
    assert [name for _group, name in _shown(surgeon, f"q={case.reference}")] == ["林美华"]
    assert _shown(surgeon, "q=%25") == []


@pytest.mark.parametrize("stored", ["Ma Dehai", "马德海"])
@pytest.mark.parametrize("typed", ["madehai", "mdh", "madh", "ma+de+hai", "Ma+Dehai"])
def test_a_chinese_name_is_found_however_it_is_stored_and_typed(stored, typed, team, coordinator, surgeon):
    make_case(team=team, by=coordinator, name=stored)
    make_case(team=team, by=coordinator, name="Lin Meihua")
    assert [name for _group, name in _shown(surgeon, f"q={typed}")] == [stored]


def test_filters_by_state_discipline_urgency_and_possible_type(team, coordinator, surgeon, radiologist):
    ready = complete_case(make_case(team=team, by=coordinator, name="Ready"), surgeon)
    make_case(team=team, by=coordinator, name="Urgent", urgency="urgent")
    third = make_case(team=team, by=coordinator, name="Third")
    make_finding(third, surgeon, {"peritoneum": "P1"})
    assert ready.is_ready
    assert [name for _group, name in _shown(surgeon, "show=ready")] == ["Ready"]
    assert {name for _group, name in _shown(surgeon, "show=preparing")} == {"Urgent", "Third"}
    assert [name for _group, name in _shown(surgeon, "urgency=urgent")] == ["Urgent"]
    assert {name for _group, name in _shown(surgeon, "whom=pathology")} == {"Urgent", "Third"}
    assert {name for _group, name in _shown(surgeon, "category=I")} == {"Ready", "Urgent"}
    assert _shown(surgeon, "show=everything&whom=wizards") == _shown(surgeon)


def test_what_is_listed_and_not_ready_has_a_count_and_a_list_of_its_own(team, coordinator, chair, surgeon, client):
    meeting = plan(team, coordinator, chair=chair)
    ready = complete_case(make_case(team=team, by=coordinator, name="Ready"), surgeon)
    early = make_case(team=team, by=coordinator, name="Early")
    make_case(team=team, by=coordinator, name="Waiting")
    actions.list_case(meeting=meeting, case=ready, by=coordinator)
    actions.list_case(meeting=meeting, case=early, by=coordinator, late_reason="The family is here that day.")
    assert [name for _group, name in _shown(surgeon, "show=not_ready_listed")] == ["Early"]
    counts = Queue(surgeon, Filters()).counts()
    assert (counts["preparing"], counts["listed"], counts["not_ready_listed"]) == ("1", "2", "1")
    assert counts["open"] == "3", "each case once"
    client.force_login(surgeon)
    assert "Listed, not ready" in client.get(reverse("queue")).text


def test_a_ready_case_waits_for_the_coordinator(team, coordinator, surgeon):
    complete_case(make_case(team=team, by=coordinator, name="Ready"), surgeon)
    assert _shown(coordinator) == [("mine", "Ready")]
    assert _shown(surgeon) == [("preparing", "Ready")]


ASSUMES = {
    "liver_metastasis": "clinical", "t_category": "T3", "n_category": "N1", "liver_lesion_count": 1,
    "liver_lobes": "left", "liver_max_diameter_mm": 20,
}  # fmt: skip


@pytest.fixture
def hepatobiliary(team):
    return make_user("hepatobiliary", discipline="hepatobiliary", team=team)


@pytest.fixture
def assuming(case, radiologist):
    make_finding(case, radiologist, ASSUMES)
    case.refresh_from_db()
    return case


def test_what_one_click_would_confirm_waits_in_queue_and_form_until_it_is_confirmed(
    client, assuming, hepatobiliary, surgeon
):
    case = assuming
    assert "liver_resectable_r0" in case.to_confirm
    assert "peritoneum" not in case.to_confirm  # a required item asks for it already
    client.force_login(hepatobiliary)
    queue = client.get("/").content.decode()
    assert _shown(hepatobiliary) == [("mine", case.patient.name)]
    assert "to confirm: " in queue
    assert f"/cases/{case.reference}/#proposal" in queue
    form = client.get(f"/cases/{case.reference}/findings/record/hepatobiliary/").content.decode()
    assert "(to confirm)" in form
    assert 'href="#liver_resectable_r0"' in form
    client.post(
        reverse("assumption-confirm", args=[case.reference]),
        {"fact": "liver_resectable_r0", "proposal": case.latest_proposal.number},
    )
    case.refresh_from_db()
    assert "liver_resectable_r0" not in case.to_confirm
    assert _shown(hepatobiliary) == [("preparing", case.patient.name)]


def test_a_discipline_waits_once_for_a_case_whatever_it_is_asked(assuming):
    whom = list(Waiting.objects.filter(case=assuming).values_list("whom", flat=True))
    assert len(whom) == len(set(whom))
    assert Waiting.objects.get(case=assuming, whom="hepatobiliary").what == Waiting.What.CONFIRMING
    assert Waiting.objects.get(case=assuming, whom="radiology").what == Waiting.What.FACTS


def test_a_sealed_case_tells_nobody_what_its_proposal_assumes(client, assuming, hepatobiliary):
    set_state(case=assuming, state=Case.State.LISTED, is_sealed=True)
    assert _shown(hepatobiliary) == [("listed", assuming.patient.name)]
    client.force_login(hepatobiliary)
    assert "to confirm" not in client.get("/").content.decode()
    set_state(case=assuming, is_sealed=False)
    assert _shown(hepatobiliary) == [("mine", assuming.patient.name)]


def test_the_search_filters_while_somebody_types_and_says_how_many(client, team, coordinator):
    make_case(team=team, by=coordinator, name="He Xiulan")
    make_case(team=team, by=coordinator, name="Ellison")
    client.force_login(coordinator)
    answer = client.get("/?q=elli", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "Ellison" in page
    assert "He Xiulan" not in page
    assert json.loads(answer["HX-Trigger"]) == {"announce": "1 case"}
    assert 'hx-swap-oob="true"' in page
    assert "counts/" not in page  # the counts are those of every case
    assert "counts/" in client.get("/", headers={"HX-Request": "true"}).content.decode()
    none = client.get("/?q=nobody", headers={"HX-Request": "true"})
    assert json.loads(none["HX-Trigger"]) == {"announce": "No case fits"}


def test_nobody_sees_a_case_of_another_team(case, outsider, client):
    assert _shown(outsider) == []
    client.force_login(outsider)
    for query in ("", "?show=closed", f"?q={case.reference}", "?after=0.20200101.0"):
        assert case.patient.name not in client.get(f"/{query}").content.decode()


def test_a_person_of_two_teams_sees_both_queues_in_one_order(case, team, other_team, coordinator, outsider):
    abroad = make_case(team=other_team, by=outsider, name="Abroad", target_on=timezone.localdate())
    both = make_user("both", discipline="radiology", team=team)
    both.memberships.create(team=other_team, role="member")
    assert [name for _group, name in _shown(both)] == [abroad.patient.name, case.patient.name]


def test_the_queue_page_reads_a_fixed_number_of_rows_and_no_proposal(
    many, client, radiologist, django_assert_max_num_queries
):
    client.force_login(radiologist)
    client.get("/")
    with django_assert_max_num_queries(20) as queries:
        client.get("/")
    assert not any("cases_proposal" in query["sql"] or "cases_finding" in query["sql"] for query in queries)


def test_an_empty_queue_says_what_to_do(client, coordinator):
    client.force_login(coordinator)
    assert "Refer the first case" in client.get("/").content.decode()
    assert "No case fits" in client.get("/?q=nobody").content.decode()


def test_somebody_in_no_team_is_told_so(client, db):
    client.force_login(make_user("alone"))
    assert "You are in no team yet" in client.get("/").content.decode()


def test_a_privacy_officer_is_led_to_the_privacy_office(client, team):
    client.force_login(make_user("officer", team=team, roles=(Role.PRIVACY,)))
    assert client.get("/").url == "/privacy/"


def test_an_administrator_is_led_to_the_teams(client, admin):
    client.force_login(admin)
    assert client.get("/").url == "/teams/"


def test_decided_cases_wait_for_the_chair(case, chair):
    Case.objects.filter(pk=case.pk).update(state="decided")
    case.refresh_from_db()
    from cases.actions import project

    project(case=case)
    assert _shown(chair)[0] == ("mine", case.patient.name)


def test_cases_from_before_wait_to_be_confirmed_too(assuming):
    before = list(Waiting.objects.filter(case=assuming).order_by("whom").values_list("whom", "what", "facts"))
    facts = assuming.to_confirm
    Waiting.objects.filter(case=assuming, what=Waiting.What.CONFIRMING).delete()
    Case.objects.filter(pk=assuming.pk).update(to_confirm=[])
    migration = import_module("cases.migrations.0014_to_confirm")
    migration.fill(apps, SimpleNamespace(connection=connection))
    assuming.refresh_from_db()
    assert assuming.to_confirm == facts
    after = list(Waiting.objects.filter(case=assuming).order_by("whom").values_list("whom", "what", "facts"))
    assert after == before
