"""Clusters of reasoned departures, counted as an independent reckoning counts them, become suggestions to editors."""

from collections import Counter

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from mdt.audit.learning.clusters import cluster_of, clusters_of, decisions_in
from mdt.audit.rows.actions import catch_up
from mdt.audit.scope import Scope
from mdt.audit.statistics import Proportion
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.actions import Choice, Rejection
from mdt.meetings.models import Decision, RejectedOption
from mdt.rulebook.actions import RuleRefusal
from mdt.rulebook.models import Suggestion
from mdt.rulebook.suggestions import actions as suggestions
from tests.builders import complete_case, make_case, make_user
from tests.meetings.builders import content_for, plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
@remembered
def archive(team, coordinator, chair, oncologist):
    """Nine decisions on type I: five became II (one for its biology), one III, alone no cluster; three stayed."""
    meeting = plan(team, coordinator, chair=chair, minutes_available=900)
    for place in range(9):
        case = complete_case(make_case(team=team, by=coordinator), coordinator)
        item = actions.list_case(meeting=meeting, case=case, by=coordinator)
        proposal = case.latest_proposal
        offered = [each for each in proposal.outcome["en"]["options"] if each["status"] in ("recommended", "consider")]
        words = {}
        if place < 6:
            reason = "biology" if place == 4 else "technical"
            words = {
                "category": "III" if place == 5 else "II",
                "reason": reason,
                "reason_text": f"Vein and artery are close, {place}.",
            }
        if place in (0, 1, 6):
            words["rejected"] = [Rejection(offered[1]["id"], "technical", f"Not here, {place}.")]
        content = content_for(
            proposal, oncologist, options=[Choice(offered[0]["id"])], quorum_reason="Enough.", **words
        )
        decision = actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)
        actions.sign_decision(decision=decision, by=chair)
    catch_up()
    return meeting


@pytest.fixture
def scope(team, archive):
    day = archive.local_start.date()
    return Scope((team.pk,), day, day)


def test_clusters_are_counted_as_the_decisions_say(scope):
    departed = [d for d in Decision.objects.all() if d.verdict == "changed"]
    expected = Counter()
    for decision in departed:
        expected["category", f"I>{decision.category}"] += 1
        expected["reason", decision.reason] += 1
    for row in RejectedOption.objects.all():
        expected["option", row.option] += 1
    found = {(each.kind, each.key): each.count for each in clusters_of(scope, 3)}
    assert found == {key: number for key, number in expected.items() if number >= 3}
    assert found["category", "I>II"] == 5
    assert found["reason", "technical"] == 5


def test_each_cluster_says_of_how_many_and_how_sure(scope):
    cluster = cluster_of(scope, "category", "gclm", "I>II")
    assert (cluster.count, cluster.total) == (5, 9), "all nine were proposed as type I"
    low, high = cluster.proportion.interval()
    assert (round(low, 3), round(high, 3)) == (0.267, 0.811), "Wilson's interval of 5 in 9"
    assert cluster_of(scope, "option", "gclm", RejectedOption.objects.first().option).total == 3
    assert cluster.proportion == Proportion(5, 9)


def test_small_clusters_are_not_shown_however_few_are_asked_for(scope, chair, client):
    assert [each.key for each in clusters_of(scope, 1) if each.count < 3] == []
    assert cluster_of(scope, "category", "gclm", "I>III") is None
    client.force_login(chair)
    url = cluster_of(scope, "category", "gclm", "I>II").url(scope).replace("I%3EII", "I%3EIII")
    assert client.get(url).status_code == 404


def test_the_cases_behind_a_cluster_are_as_many_as_it_says(scope):
    for cluster in clusters_of(scope, 3):
        assert decisions_in(scope, cluster).count() == cluster.count


def test_reasons_stand_word_for_word_and_reading_them_opens_the_cases(scope, auditor, client):
    client.force_login(auditor)
    page = client.get(cluster_of(scope, "reason", "gclm", "technical").url(scope))
    words = {each.words for each in page.context["said"]}
    assert words == set(Decision.objects.filter(reason="technical").values_list("reason_text", flat=True))
    assert "Vein and artery are close, 0." in page.content.decode()
    opened = Event.objects.filter(kind="case-opened", by=auditor).values_list("case_reference", flat=True)
    assert set(opened) == {each.case.reference for each in page.context["said"]}


def test_a_rejected_option_shows_the_words_of_its_rejection(scope, auditor, client):
    client.force_login(auditor)
    option = RejectedOption.objects.first().option
    page = client.get(cluster_of(scope, "option", "gclm", option).url(scope))
    assert {each.words for each in page.context["said"]} == {"Not here, 0.", "Not here, 1.", "Not here, 6."}


def test_a_chair_turns_a_cluster_into_a_suggestion_that_a_reviewer_answers(scope, chair, surgeon, client):
    client.force_login(chair)
    listed = client.get(reverse("learning") + "?" + scope.query_string())
    assert "Proposed: " in listed.content.decode()
    url = cluster_of(scope, "category", "gclm", "I>II").url(scope)
    answer = client.post(url, {"text": "Ask for the distance to the vein.", "count": "900"})
    assert answer.url == reverse("rules-suggestions")
    suggestion = Suggestion.objects.get()
    assert (suggestion.count, suggestion.total, suggestion.edition) == (5, 9, "2019"), "counted here, not in the form"
    assert set(suggestion.title) == {"en", "zh-hans"}
    assert suggestion.title["en"] != suggestion.title["zh-hans"]
    client.force_login(surgeon)
    edition = client.get(reverse("rules-edition", args=["gclm", "c-gclm", "2019"])).content.decode()
    assert "Ask for the distance to the vein." in edition
    assert "1 open" in client.get(reverse("rules")).content.decode()
    reply = reverse("rules-suggestion-answer", args=[suggestion.pk])
    client.post(reply, {"state": "declined", "text": "The paper says it so."})
    assert suggestions.state_of(suggestion) == "declined"
    page = client.get(reverse("rules-suggestions"))
    assert "The paper says it so." in page.content.decode()
    assert page.context["suggestions"][0].evidence == "", "a member sees no figures of the audit"
    kinds = Event.objects.filter(kind__in=["rule-suggested", "suggestion-answered"]).order_by("number")
    assert [event.by for event in kinds] == [chair, surgeon]


def suggested(scope, by, text="Look at it."):
    from mdt.audit.learning.page import suggestion_of

    cluster = cluster_of(scope, "reason", "gclm", "technical")
    return suggestions.suggest(by=by, text=text, **suggestion_of(scope, cluster))


def test_one_cluster_is_suggested_once_while_it_is_open(scope, chair, surgeon):
    first = suggested(scope, chair)
    with pytest.raises(RuleRefusal, match="open already"):
        suggested(scope, chair)
    suggestions.answer(suggestion=first, state="declined", text="No.", by=surgeon)
    assert suggested(scope, chair).pk != first.pk


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001])
def test_a_suggestion_without_words_or_with_too_many_is_refused(scope, chair, text):
    with pytest.raises(RuleRefusal):
        suggested(scope, chair, text)


def test_an_answer_that_changes_nothing_and_one_without_right_are_refused(scope, chair, surgeon, auditor):
    suggestion = suggested(scope, chair)
    for state in ("open", "unheard"):
        with pytest.raises(RuleRefusal):
            suggestions.answer(suggestion=suggestion, state=state, text="Yes.", by=surgeon)
    with pytest.raises(RuleRefusal, match="no right"):
        suggestions.answer(suggestion=suggestion, state="declined", text="No.", by=auditor)


def test_suggestions_and_answers_are_written_once(scope, chair, surgeon):
    suggestions.answer(suggestion=suggested(scope, chair), state="taken_up", text="Yes.", by=surgeon)
    for table in ("rulebook_suggestion", "rulebook_suggestionanswer"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET text = 'x'")


def test_another_hospital_reads_the_suggestion_and_not_the_team(scope, chair, team, other_team, client):
    suggested(scope, chair)
    client.force_login(make_user("elsewhere", team=other_team, discipline="surgery", roles=("chair",)))
    page = client.get(reverse("rules-suggestions"))
    text = page.content.decode()
    assert "Look at it." in text
    assert team.hospital not in text
    assert "Dr Chair" not in text
    assert page.context["suggestions"][0].evidence == ""


@pytest.mark.parametrize("persona", ["surgeon", "coordinator", "admin"])
def test_only_who_may_read_the_audit_reads_the_list(client, request, scope, persona):
    client.force_login(request.getfixturevalue(persona))
    url = cluster_of(scope, "reason", "gclm", "technical").url(scope)
    assert client.get(reverse("learning")).status_code == 403
    assert client.get(url).status_code == 403
    assert client.post(url, {"text": "x"}).status_code == 403


def test_a_chair_of_another_team_finds_no_cluster_of_this_one(client, scope, outsider):
    client.force_login(outsider)
    assert client.get(cluster_of(scope, "reason", "gclm", "technical").url(scope)).status_code == 404
    assert client.get(reverse("learning")).context["table"].rows == ()


def test_an_empty_period_has_a_page(client, team, chair):
    client.force_login(chair)
    page = client.get(reverse("learning") + f"?from={timezone.localdate()}&to={timezone.localdate()}&least=x")
    assert page.status_code == 200
    assert page.context["least"] == 5
