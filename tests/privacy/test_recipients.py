"""Who was given data of a patient, and telling them that they were corrected, erased or restricted (GDPR 19)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cases.actions.errors import ActionError
from cases.models import Case
from mdt.audit.actions import export_table
from mdt.audit.figures import case_list
from mdt.audit.replay.actions import export_replay
from mdt.audit.research.actions import export_research
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.mail.actions import Attachment, post
from mdt.mail.actions.delivery import note_sent, try_again
from mdt.meetings import documents
from mdt.meetings.actions import list_case
from mdt.meetings.outcome import mails
from mdt.people.models import Role
from mdt.privacy import actions
from mdt.privacy.actions.notices import owe_notices
from mdt.privacy.models import Notice, NoticeAnswer, Way
from mdt.privacy.recipients.disclosures import disclosures_of, third_parties_of
from tests.builders import make_case, make_team, make_user
from tests.meetings.builders import plan
from tests.privacy.test_erasure import erase
from tests.privacy.test_restriction import restrict
from tests.test_urls import world  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def letter(case, address="bai@clinic.example", *, is_sent=True):
    message = post(
        **{"key": f"letter:{address}:{case.pk}", "kind": "letter", "address": address, "name": "Dr Bai"},
        **{"subject": "Outcome", "body": "x", "case_reference": case.reference, "team": case.team},
    )
    if is_sent:
        message.delivery.state = "queued"
        note_sent(delivery=message.delivery, address=address, now=timezone.now())
    return message


def ways(case) -> list[tuple[Way, str, bool]]:
    return [(each.way, each.who, each.is_third) for each in disclosures_of(case)]


def test_it_lists_who_received_what_and_when_and_nobody_of_another_case(world, officer):  # noqa: F811
    case, everybody = world["case"], world["everybody"]
    other = make_case(team=world["team"], by=everybody)
    letter(case)
    letter(other, "other@clinic.example")
    letter(case, "never@clinic.example", is_sent=False)
    export_research(by=everybody, teams=[world["team"]], filters="", rows=9, small=0, digest="d")
    export_research(by=everybody, teams=[make_team("hb")], filters="", rows=9, small=0, digest="d")
    actions.hand_out_copy(
        case=case, cases=[case], by=everybody, asked_by="patient", reason="In person.", with_notes=False
    )
    found = ways(case)
    name = everybody.display_name
    assert found[0] == (Way.COPY, f"the patient, handed out by {name}", False), (
        "the patient's own copy is no third party's"
    )
    assert (Way.RESEARCH, f"taken by {name}", True) in found
    assert [each for each in found if each[0] == Way.LETTER and each[2]] == [
        (Way.LETTER, "Dr Bai <bai@clinic.example>", True)
    ], "sent, of this case, and no other"
    assert sum(way == Way.RESEARCH for way, _who, _is in found) == 1, "of this team"
    assert (Way.RESEARCH, f"taken by {name}", True) not in ways(other), "it has no decision"
    times = [each.at for each in disclosures_of(case)]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("state", ["queued", "held"])
def test_a_letter_that_waits_to_leave_is_told_of_as_well(state, case, officer):
    message = letter(case, is_sent=False)
    assert not ways(case), "it failed: nobody has it"
    type(message.delivery).objects.filter(pk=message.delivery.pk).update(state=state, reason="")
    (found,) = disclosures_of(case)
    assert (found.way, found.is_third, found.at) == (Way.LEAVING, True, message.posted_at)
    restrict(case, officer)
    assert Notice.objects.get().recipient == "Dr Bai <bai@clinic.example>"


def test_a_copy_names_who_asked_for_it_and_apart_from_them_who_handed_it_out(case, officer, chair):
    asked = {"cases": [case], "by": chair, "reason": "With a letter.", "with_notes": False}
    actions.hand_out_copy(case=case, asked_by="representative", **asked)
    restrict(case, officer)
    notice = Notice.objects.get()
    assert notice.who == f"somebody who speaks for the patient, handed out by {chair.display_name}"
    with override("zh-hans"):
        assert ways(case)[0][1] == f"患者的代理人，由 {chair.display_name} 提供"


def test_whoever_took_the_result_of_a_replay_is_listed(world, chair):  # noqa: F811
    undecided = make_case(team=world["team"], by=world["everybody"])
    export_replay(run=world["run"], by=chair)
    export_replay(run=world["run"], by=chair, part="decisions")

    def tables(case):
        return [way for way, who, is_third in ways(case) if way == Way.TABLE and is_third and chair.display_name in who]

    assert len(tables(world["case"])) == 2
    assert len(tables(undecided)) == 1, "that of decisions cannot hold it"


def test_the_list_of_cases_of_the_audit_names_a_case_from_its_place_on_an_agenda_on(team, coordinator, auditor):
    case = make_case(team=team, by=coordinator)
    taken = {"by": auditor, "teams": [team], "filters": ""}
    export_table(key=case_list.KEY, **taken)
    assert not ways(case), "it was on no agenda"
    list_case(meeting=plan(team, coordinator), case=case, by=coordinator, late_reason="Wanted now")
    export_table(key="departures", **taken)
    assert not ways(case), "figures of decisions cannot hold it"
    export_table(key=case_list.KEY, **taken)
    assert [(way, is_third) for way, _who, is_third in ways(case)] == [(Way.TABLE, True)]


def test_minutes_that_were_opened_or_mailed_are_listed_for_the_cases_in_them(world, chair, surgeon):  # noqa: F811
    case, meeting = world["case"], world["meeting"]
    other = make_case(team=world["team"], by=world["everybody"])
    before = ways(case)
    paper = Attachment("minutes.pdf", "application/pdf", b"%PDF")
    mails.minutes(meeting, to=chair, enclosed=paper, withheld=frozenset(), awaited=[])
    mails.minutes(meeting, to=surgeon, enclosed=paper, withheld=frozenset([case.pk]), awaited=[])
    documents.open_document(document=documents.minutes(meeting, "en"), by=surgeon)
    new = ways(case)[: len(ways(case)) - len(before)]
    assert new == [
        (Way.PAPER, surgeon.display_name, False),
        (Way.LETTER, chair.display_name, False),
    ], "and not the minutes that leave it out"
    assert not ways(other)


def test_a_referrer_whom_no_e_mail_reached_had_the_letter_on_paper(world, officer, coordinator):  # noqa: F811
    from mdt.meetings.actions import release_outcome
    from mdt.meetings.actions.sending import send_outcome

    case, decision = world["case"], world["step"].decision
    assert Way.PRINTED not in {way for way, _who, _is in ways(case)}, "nothing is released"
    release = release_outcome(decision=decision, by=coordinator)
    printed = (Way.PRINTED, case.referrer, True)
    assert printed in ways(case)
    Case.objects.filter(pk=case.pk).update(referrer_email="bai@clinic.example")
    send_outcome(release=release)
    message = release.recipients.get(role="referrer").message
    assert printed in ways(Case.objects.get(pk=case.pk)), "there is no mail server: it was printed"
    type(message.delivery).objects.filter(pk=message.delivery.pk).update(state="queued", reason="")
    assert printed not in ways(Case.objects.get(pk=case.pk)), "it is on its way"


def test_an_outcome_that_no_worker_reached_yet_is_not_taken_for_printed(world, coordinator):  # noqa: F811
    from mdt.meetings.actions import release_outcome
    from mdt.meetings.actions.sending import send_outcome

    case, decision = world["case"], world["step"].decision
    Case.objects.filter(pk=case.pk).update(referrer_email="bai@clinic.example")
    release = release_outcome(decision=decision, by=coordinator)
    case = Case.objects.get(pk=case.pk)
    assert Way.PRINTED not in {way for way, _who, _is in ways(case)}, "its letter is still to be written"
    Case.objects.filter(pk=case.pk).update(referrer_email="")
    send_outcome(release=release)
    assert (Way.PRINTED, case.referrer, True) in ways(case), "written to the others; the address came afterwards"


def test_whoever_had_an_earlier_letter_and_no_new_one_by_e_mail_may_have_it_on_paper(world, coordinator):  # noqa: F811
    from mdt.meetings.actions import release_outcome
    from mdt.meetings.models import Recipient

    case = world["case"]
    release = release_outcome(decision=world["step"].decision, by=coordinator)
    message = letter(case, is_sent=False)
    row = {"role": Recipient.Role.EARLIER, "name": "Dr Bai", "address": "bai@clinic.example", "message": message}
    Recipient.objects.create(release=release, **row)
    assert (Way.PRINTED, "Dr Bai", True) in ways(case), "there is no mail server"
    type(message.delivery).objects.filter(pk=message.delivery.pk).update(state="queued", reason="")
    assert (Way.PRINTED, "Dr Bai", True) not in ways(case)


def test_a_restriction_puts_down_who_is_to_be_told_with_a_line_of_the_log(case, officer):
    letter(case)
    restrict(case, officer)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.way) == ("Dr Bai <bai@clinic.example>", Way.LETTER)
    assert (notice.because, notice.case_reference) == ("restriction", case.reference)
    line = Event.objects.get(kind=Kind.NOTICES_OWED)
    assert (line.case_reference, line.data["count"]) == (case.reference, 1)
    assert any(name.startswith("privacy.Notice@") for name in line.rows)
    assert "Bai" not in str(line.data), "an address is personal and stays out of the log"
    assert verify().is_whole


def test_each_team_has_its_own_line_and_count_of_the_notices(case, officer):
    other = make_case(team=make_team("hb"), by=officer)
    third = make_case(team=case.team, by=officer)
    silent = make_case(team=make_team("lv"), by=officer)
    for own in (other, case, third):
        letter(own)
    cases = [silent, other, case, third]
    assert owe_notices(cases=cases, by=officer, because=Notice.Because.RESTRICTION, reason="") == 3
    lines = Event.objects.filter(kind=Kind.NOTICES_OWED).order_by("number")
    assert [(line.team_id, line.case_reference, line.data["count"]) for line in lines] == [
        (case.team_id, case.reference, 2),
        (other.team_id, other.reference, 1),
    ]
    for line in lines:
        named = {pk for name, own in line.rows.items() if name.startswith("privacy.Notice@") for pk in own}
        assert named == {str(pk) for pk in Notice.objects.filter(team=line.team_id).values_list("pk", flat=True)}
    assert verify().is_whole


def test_an_erasure_leaves_behind_whom_to_tell_and_nothing_of_the_patient(world, officer, chair):  # noqa: F811
    from tests.privacy.test_erasure import places_of

    case = world["case"]
    letter(case)
    before = Notice.objects.count()
    erase(case, officer, chair)
    notices = Notice.objects.filter(because="erasure")
    assert notices.count() == Notice.objects.count() - before
    assert "Dr Bai <bai@clinic.example>" in notices.values_list("recipient", flat=True)
    assert places_of("Unmistakable", case.patient.hospital_number) <= {"mail.Message"}
    answered = actions.answer_notice(
        notice=notices.first(), by=officer, outcome="told", on=timezone.localdate(), how="By letter."
    )
    assert answered.pk
    assert verify().is_whole


def test_of_a_correction_the_officer_says_it_once_and_names_nobody(case, officer):
    with pytest.raises(ActionError, match="nobody outside"):
        actions.say_rectified(case=case, by=officer, reason="The date of an examination.")
    letter(case)
    with pytest.raises(ActionError, match="names them"):
        actions.say_rectified(case=case, by=officer, reason=f"The name of {case.patient.name}")
    assert actions.say_rectified(case=case, by=officer, reason="The date of an examination.") == 1
    with pytest.raises(ActionError, match="said before"):
        actions.say_rectified(case=case, by=officer, reason="The date of an examination.")
    assert actions.say_rectified(case=case, by=officer, reason="The margin.") == 1
    assert Notice.objects.count() == 2


def test_a_notice_is_dealt_with_once_on_a_day_that_can_be(case, officer):
    letter(case)
    actions.say_rectified(case=case, by=officer, reason="The margin.")
    notice, today = Notice.objects.get(), timezone.localdate()

    def answer(**changes):
        said = {"outcome": "told", "on": today, "how": "By telephone", **changes}
        return actions.answer_notice(notice=notice, by=officer, **said)

    for changes, why in (
        ({"on": today + timedelta(days=1)}, "Give a day"),
        ({"on": today - timedelta(days=1)}, "Give a day"),
        ({"outcome": "perhaps"}, "Say whether"),
        ({"how": "  "}, "Say how"),
        ({"how": f"Told Dr Bai of {case.patient.name}"}, "names them"),
    ):
        with pytest.raises(ActionError, match=why):
            answer(**changes)
    answer()
    with pytest.raises(ActionError, match="already"):
        answer(outcome="impossible", how="No address")
    assert NoticeAnswer.objects.get().outcome == "told"
    line = Event.objects.get(kind=Kind.NOTICE_ANSWERED)
    assert (line.case_reference, line.data["outcome"]) == (case.reference, "told")


def test_a_recipient_may_have_been_told_before_the_notice_was_listed(case, officer):
    message, today = letter(case), timezone.localdate()
    given_at = timezone.now() - timedelta(days=3)
    type(message.delivery).objects.filter(pk=message.delivery.pk).update(sent_at=given_at)
    actions.say_rectified(case=case, by=officer, reason="The margin.")
    said = {"notice": Notice.objects.get(), "by": officer, "outcome": "told", "how": "By telephone"}
    with pytest.raises(ActionError, match="were given the data"):
        actions.answer_notice(on=today - timedelta(days=4), **said)
    assert actions.answer_notice(on=today - timedelta(days=1), **said).on == today - timedelta(days=1)


def test_the_office_works_on_its_pages_and_nobody_else_does(case, officer, chair, coordinator, outsider, client):
    letter(case)
    client.force_login(officer)
    led = client.get(reverse("notices"), {"reference": case.reference.lower()})
    page = reverse("disclosures", args=[case.reference])
    assert led.url == page
    assert "Dr Bai &lt;bai@clinic.example&gt;" in client.get(page).text
    assert Event.objects.filter(kind=Kind.PATIENT_LOOKED_UP, by=officer).exists()
    assert client.post(reverse("rectified", args=[case.reference]), {"reason": "The margin."}).url == page
    assert "1 recipient is to be told" in client.get(reverse("privacy")).text
    url = reverse("notice-answer", args=[Notice.objects.get().pk])
    assert client.get(url).status_code == 200
    said = {"outcome": "effort", "on": timezone.localdate().isoformat(), "how": "The clinic has closed."}
    assert client.post(url, said | {"how": ""}).status_code == 422
    assert client.post(url, said).status_code == 302
    assert "The clinic has closed." in client.get(reverse("notices")).text
    assert client.get(reverse("notices"), {"reference": "GC-1999-0001"}).status_code == 422
    strange = make_user("strange", team=make_team("hb"), roles=(Role.PRIVACY,))
    for person, status in ((chair, 403), (coordinator, 403), (outsider, 404), (strange, 404)):
        client.force_login(person)
        assert {client.get(page).status_code, client.get(url).status_code} == {status}
    assert "Dr Bai" not in client.get(reverse("notices")).text


def test_while_it_is_restricted_the_list_is_there_and_notices_are_answered(case, officer, client):
    letter(case)
    restrict(case, officer)
    client.force_login(officer)
    assert client.get(reverse("disclosures", args=[case.reference])).status_code == 200
    actions.answer_notice(
        notice=Notice.objects.get(), by=officer, outcome="told", on=timezone.localdate(), how="By letter."
    )
    assert Event.objects.get(kind=Kind.NOTICE_ANSWERED).case_reference == case.reference
    assert Case.objects.get(pk=case.pk).is_restricted


def test_the_words_of_a_notice_are_those_of_its_reader_not_of_who_noted_it(world, officer, client):  # noqa: F811
    case, everybody = world["case"], world["everybody"]
    export_research(by=everybody, teams=[world["team"]], filters="", rows=9, small=0, digest="d")
    with override("zh-hans"):
        restrict(case, officer)
    notice = Notice.objects.filter(case_reference=case.reference, way=Way.RESEARCH).first()
    name = everybody.display_name
    assert notice.recipient == f"#taken|{name}"
    with override("en"):
        assert notice.who == f"taken by {name}"
    with override("zh-hans"):
        assert notice.who not in {f"taken by {name}", notice.recipient}
    client.force_login(officer)
    page = client.get(reverse("notices")).text
    assert f"taken by {name}" in page
    assert "#taken" not in page


def test_a_letter_that_failed_and_is_sent_after_all_is_owed_the_notices_of_the_others(case, officer, settings):
    settings.SMTP = {"host": "127.0.0.1"}
    letter(case)
    late = letter(case, "late@clinic.example", is_sent=False)
    type(late.delivery).objects.filter(pk=late.delivery.pk).update(state="failed", reason="550")
    actions.say_rectified(case=case, by=officer, reason="The side was wrong.")
    assert not Notice.objects.filter(recipient__contains="late@").exists(), "nobody has it"
    for _again in range(2):
        type(late.delivery).objects.filter(pk=late.delivery.pk).update(state="failed", reason="550")
        try_again(delivery=late.delivery, by=officer)
    notice = Notice.objects.get(recipient__contains="late@")
    assert (notice.because, notice.reason, notice.way) == ("rectification", "The side was wrong.", Way.LEAVING)
    assert "had not left yet" in notice.get_way_display()
    assert verify().is_whole


def test_third_parties_are_those_of_the_whole_list_and_found_without_the_papers_of_colleagues(
    world,  # noqa: F811
    django_assert_max_num_queries,
):
    case, meeting = world["case"], world["meeting"]
    letter(case)
    paper = Attachment("minutes.pdf", "application/pdf", b"%PDF")
    mails.minutes(meeting, to=world["everybody"], enclosed=paper, withheld=frozenset(), awaited=[])
    every = disclosures_of(case)
    assert any(not each.is_third for each in every)
    case = Case.objects.get(pk=case.pk)
    with django_assert_max_num_queries(9):
        found = third_parties_of(case)
    assert found == [each for each in every if each.is_third]


def test_teams_of_the_cases_are_read_in_one_query(case, officer):
    for code in ("hb", "lv", "co"):
        make_case(team=make_team(code), by=officer)
    each = []
    for number in (1, 4):
        some = list(Case.objects.all()[:number])
        with CaptureQueriesContext(connection) as queries:
            assert owe_notices(cases=some, by=officer, because=Notice.Because.RESTRICTION, reason="") == 0
        each.append(sum('FROM "people_team"' in query["sql"] for query in queries))
    assert each == [1, 1]
