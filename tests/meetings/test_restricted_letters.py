"""Letters and minutes while the data of a case may only be stored: held back, withheld, and out when that ends."""

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.duties.models import Duty
from mdt.duties.tasks import work_off_due_duties
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.mail.actions import delivery as deliveries
from mdt.mail.actions import post
from mdt.mail.models import Delivery, Message
from mdt.meetings import actions
from mdt.meetings.actions.sending import send_minutes, send_outcome
from mdt.meetings.models import Recipient
from mdt.meetings.outcome.restricted import withheld_in
from mdt.people.models import Role
from mdt.privacy import actions as privacy
from tests.builders import complete_case, make_case, make_user
from tests.mail.server import mail_server
from tests.meetings.builders import content_for, finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with mail_server() as (keeper, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.SMTP = {"host": "127.0.0.1"}
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        settings.MAIL_FROM = "mdt@hospital.example"
        yield keeper


@pytest.fixture
def officer(team):
    return make_user("officer", team=team, roles=(Role.PRIVACY,))


@pytest.fixture
def second(meeting, team, coordinator, oncologist, full_room):
    """Another case of the meeting, recorded and not signed."""
    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    item = actions.list_case(meeting=meeting, case=case, by=coordinator)
    proposal = case.latest_proposal
    return actions.record_decision(
        item=item, by=coordinator, proposal=proposal, content=content_for(proposal, oncologist)
    )


def restrict(case, officer):
    return privacy.restrict(
        case=case, by=officer, asked_by="patient", ground="gdpr-18-a", reason="It is being checked."
    )


def lift(restriction, officer, *, sends_held=True):
    told = {"told_on": timezone.localdate(), "told_how": "By letter.", "reason": "It was right."}
    privacy.lift_restriction(restriction=restriction, by=officer, sends_held=sends_held, **told)


def work() -> None:
    """The worker carries out what is due now, and what that leads to."""
    while work_off_due_duties():
        pass


def refer_from_outside(decision):
    type(decision.case).objects.filter(pk=decision.case_id).update(referrer_email="bai@clinic.example")
    decision.refresh_from_db()


def queued_all_the_same(decision):
    """A letter that came into the queue while the order was in force."""
    case = decision.case
    message = post(
        **{"key": f"letter:late:{decision.pk}", "kind": "letter", "address": "bai@clinic.example", "subject": "x"},
        **{"body": "x", "case_reference": case.reference, "team": case.team},
    )
    return message.delivery


def kinds_of_log(case) -> list[str]:
    return list(Event.objects.filter(case_reference=case.reference).order_by("number").values_list("kind", flat=True))


class TestLetters:
    def test_what_was_queued_before_is_held_back_and_leaves_when_the_restriction_ends(
        self, server, signed, officer, coordinator, client
    ):
        refer_from_outside(signed)
        release = actions.release_outcome(decision=signed, by=coordinator)
        send_outcome(release=release)  # posted, and the worker has not come to it
        letter = Message.objects.get(address="bai@clinic.example")
        restriction = restrict(signed.case, officer)
        work()
        assert [mail["To"].addresses[0].addr_spec for mail in server.arrived if "bai@" in str(mail["To"])] == []
        assert letter.delivery.state == Delivery.State.HELD
        assert kinds_of_log(signed.case).count(Kind.MESSAGE_HELD) == 1
        client.force_login(coordinator)
        assert "may only be stored" in client.get(reverse("mail-unsent")).text, "who looks after messages sees why"
        work()
        assert kinds_of_log(signed.case).count(Kind.MESSAGE_HELD) == 1, "it waits; nobody tries again and again"
        lift(restriction, officer)
        work()
        assert [to for to in server.recipients if to.startswith("bai@")] == ["bai@clinic.example"]
        letter.delivery.refresh_from_db()
        assert letter.delivery.state == Delivery.State.SENT
        log = kinds_of_log(signed.case)
        assert log.index(Kind.MESSAGE_HELD) < log.index(Kind.RESTRICTION_LIFTED) < log.index(Kind.MESSAGE_LET_GO)
        assert verify().is_whole

    def test_what_was_contested_stays_here_when_it_ends_until_somebody_sends_it(
        self, server, signed, officer, coordinator, client
    ):
        refer_from_outside(signed)
        send_outcome(release=actions.release_outcome(decision=signed, by=coordinator))
        restriction = restrict(signed.case, officer)
        work()
        letter = Message.objects.get(address="bai@clinic.example")
        send = reverse("message-try-again", args=[letter.pk])
        client.force_login(coordinator)
        assert "Send now" not in client.get(reverse("mail-unsent")).text
        client.post(send)
        letter.delivery.refresh_from_db()
        assert letter.delivery.state == Delivery.State.HELD, "while it may only be stored nobody sends it"
        client.force_login(officer)
        lifting = reverse("restriction-lift", args=[restriction.pk])
        page = client.get(lifting).text
        assert "E-mails held back: 1, to" in page
        assert 'name="sends_held" class="checkboxinput form-check-input" id="id_sends_held" checked' not in page
        told = {"reason": "Put right.", "told_on": timezone.localdate().isoformat(), "told_how": "By letter"}
        assert client.post(lifting, told).status_code == 302
        work()
        letter.delivery.refresh_from_db()
        assert letter.delivery.state == Delivery.State.HELD
        assert [to for to in server.recipients if to.startswith("bai@")] == []
        client.force_login(coordinator)
        assert "Send now" in client.get(reverse("mail-unsent")).text
        client.post(send, {"again": "1"})
        work()
        letter.delivery.refresh_from_db()
        assert letter.delivery.state == Delivery.State.SENT
        assert Event.objects.get(kind=Kind.MESSAGE_LET_GO).by == coordinator

    def test_that_somebody_looked_is_told_all_the_same(self, server, signed, officer, auditor, surgeon):
        from cases.actions import open_restricted

        type(auditor).objects.filter(pk=auditor.pk).update(email="auditor@hospital.example")
        restrict(signed.case, officer)
        signed.case.refresh_from_db()
        open_restricted(case=signed.case, by=surgeon, ground="vital", reason="Bleeding, in theatre now.")
        work()
        assert "auditor@hospital.example" in server.recipients

    def test_a_release_that_the_worker_had_not_come_to_is_sent_after_it(self, server, signed, officer, coordinator):
        refer_from_outside(signed)
        actions.release_outcome(decision=signed, by=coordinator)
        restriction = restrict(signed.case, officer)
        work()
        assert not Recipient.objects.exists()
        assert not Duty.objects.filter(kind="send-outcome", state="waiting").exists(), "it is not asked again and again"
        lift(restriction, officer)
        work()
        assert Recipient.objects.filter(address="bai@clinic.example", message__delivery__state="sent").exists()

    def test_one_that_is_let_go_while_it_is_being_held_back_does_not_stay(self, server, signed, officer, coordinator):
        """The order ends between the worker's look and its note."""
        from mdt.mail.duties import send_message

        refer_from_outside(signed)
        restriction = restrict(signed.case, officer)
        delivery = queued_all_the_same(signed)
        note = send_message(delivery.pk)
        lift(restriction, officer)
        note()
        work()
        delivery.refresh_from_db()
        assert delivery.state == Delivery.State.SENT

    @pytest.mark.parametrize("reached", ["before the order", "never", "as it ended"])
    def test_one_in_the_queue_waits_for_the_tick_whenever_the_worker_comes(
        self, server, signed, officer, coordinator, client, reached
    ):
        from mdt.mail.duties import send_message

        refer_from_outside(signed)
        if reached == "as it ended":  # posted while the order was in force, and looked at before it ended
            restriction = restrict(signed.case, officer)
            delivery = queued_all_the_same(signed)
            note = send_message(delivery.pk)
        else:
            send_outcome(release=actions.release_outcome(decision=signed, by=coordinator))
            delivery = Delivery.objects.get(message__address="bai@clinic.example")
            restriction = restrict(signed.case, officer)
        client.force_login(officer)
        if reached == "before the order":
            assert "E-mails held back: " in client.get(reverse("restriction-lift", args=[restriction.pk])).text
        lift(restriction, officer, sends_held=False)
        if reached == "as it ended":
            note()
        work()
        delivery.refresh_from_db()
        assert delivery.state == Delivery.State.HELD
        assert [to for to in server.recipients if to.startswith("bai@")] == []
        client.force_login(coordinator)
        assert "Send now" in client.get(reverse("mail-unsent")).text
        client.post(reverse("message-try-again", args=[delivery.message_id]))
        work()
        delivery.refresh_from_db()
        assert delivery.state == Delivery.State.SENT
        assert verify().is_whole

    def test_a_release_without_letters_waits_for_the_tick_too(self, server, signed, officer, coordinator, client):
        refer_from_outside(signed)
        actions.release_outcome(decision=signed, by=coordinator)
        restriction = restrict(signed.case, officer)
        client.force_login(officer)
        assert 'name="sends_held"' in client.get(reverse("restriction-lift", args=[restriction.pk])).text
        lift(restriction, officer, sends_held=False)
        work()
        row = Recipient.objects.get(address="bai@clinic.example")
        assert row.message.delivery.state == Delivery.State.HELD, "it is written, and has not left"
        assert [to for to in server.recipients if to.startswith("bai@")] == []
        client.force_login(coordinator)
        client.post(reverse("message-try-again", args=[row.message_id]))
        work()
        row.message.delivery.refresh_from_db()
        assert row.message.delivery.state == Delivery.State.SENT

    def test_what_is_released_after_the_end_leaves_by_itself(self, server, signed, officer, coordinator):
        refer_from_outside(signed)
        lift(restrict(signed.case, officer), officer, sends_held=False)
        actions.release_outcome(decision=signed, by=coordinator)
        work()
        assert [to for to in server.recipients if to.startswith("bai@")] == ["bai@clinic.example"]

    def test_whether_a_page_of_messages_may_leave_is_asked_at_once(
        self, server, signed, officer, coordinator, django_assert_max_num_queries
    ):
        from mdt.mail.mailbox import that_may_leave

        refer_from_outside(signed)
        send_outcome(release=actions.release_outcome(decision=signed, by=coordinator))
        restrict(signed.case, officer)
        held = list(Delivery.objects.filter(state="held").select_related("message"))
        with django_assert_max_num_queries(2):
            assert that_may_leave(held * 20) == set()


class TestMinutes:
    def text_of(self, message) -> str:
        import subprocess

        content = bytes(message.enclosures.get().content)
        return subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()

    def test_they_go_without_it_and_follow_with_it(self, meeting, signed, second, coordinator, chair, officer, client):
        restriction = restrict(second.case, officer)
        finish(meeting, coordinator)
        work()
        first = Message.objects.filter(kind="minutes")
        assert first.count() == 6, "one unsigned decision that may only be stored does not hold up the others"
        message = first.first()
        assert withheld_in(message.key) == {second.case_id}
        assert second.case.reference in message.body
        text = self.text_of(message)
        assert f"{second.case.reference} is left out" in text
        assert signed.case.reference in text
        assert "PROVISIONAL" not in text
        client.force_login(message.to)
        file = reverse("message-file", args=[message.pk, message.enclosures.get().pk])
        assert client.get(file).status_code == 200, "nothing of the restricted case is in it"
        lift(restriction, officer)
        work()
        assert Message.objects.filter(kind="minutes").count() == 6, "it is still not signed"
        second.refresh_from_db()
        actions.sign_decision(decision=second, by=chair)
        for _again in range(2):
            work()
        later = Message.objects.filter(kind="minutes", key__regex=r"^minutes:\d+:\d+$")
        assert later.count() == 6
        assert second.case.reference in self.text_of(later.first())
        assert "is left out" not in self.text_of(later.first())
        assert verify().is_whole

    def test_the_mails_of_those_that_follow_wait_for_the_tick(
        self, server, meeting, signed, second, coordinator, chair, officer
    ):
        type(chair).objects.filter(pk=chair.pk).update(email="chair@hospital.example")
        actions.sign_decision(decision=second, by=chair)
        restriction = restrict(second.case, officer)
        finish(meeting, coordinator)
        work()
        lift(restriction, officer, sends_held=False)
        work()
        first, follows = Delivery.objects.filter(message__kind="minutes", message__to=chair).order_by("pk")
        assert [first.state, follows.state] == [Delivery.State.SENT, Delivery.State.HELD]
        deliveries.try_again(delivery=follows, by=coordinator)
        work()
        follows.refresh_from_db()
        assert follows.state == Delivery.State.SENT

    def test_who_had_them_whole_gets_none_without_it(self, meeting, signed, second, coordinator, chair, officer):
        actions.sign_decision(decision=second, by=chair)
        finish(meeting, coordinator)
        work()
        assert Message.objects.filter(kind="minutes").count() == 6
        restrict(second.case, officer)
        signed.refresh_from_db()
        amended = actions.amend_decision(
            decision=signed,
            by=coordinator,
            content=content_for(signed.proposal, signed.responsible),
            amendment_reason="A slip",
        )
        actions.sign_decision(decision=amended, by=chair)
        work()
        assert Message.objects.filter(kind="minutes").count() == 6

    def test_of_two_that_are_withheld_each_follows_when_it_may(
        self, meeting, signed, second, coordinator, chair, officer
    ):
        actions.sign_decision(decision=second, by=chair)
        finish(meeting, coordinator)
        Duty.objects.filter(kind="send-minutes").delete()
        orders = [restrict(decision.case, officer) for decision in (signed, second)]
        meeting.refresh_from_db()
        counts = [send_minutes(meeting=meeting)]
        for order in orders:
            lift(order, officer)
            counts.append(send_minutes(meeting=meeting))
        counts.append(send_minutes(meeting=meeting))
        assert counts == [6, 6, 6, 0]
        keys = Message.objects.filter(kind="minutes", to=chair).order_by("pk").values_list("key", flat=True)
        both = {signed.case_id, second.case_id}
        assert [withheld_in(key) for key in keys] == [both, both - {signed.case_id}, frozenset()]

    def test_one_that_was_not_discussed_follows_when_it_may(
        self, meeting, signed, team, coordinator, officer, chair, full_room
    ):
        undecided = complete_case(make_case(team=team, by=coordinator), coordinator)
        actions.list_case(meeting=meeting, case=undecided, by=coordinator)
        finish(meeting, coordinator)
        restriction = restrict(undecided, officer)
        work()
        message = Message.objects.get(kind="minutes", to=chair)
        assert undecided.reference in message.body
        lift(restriction, officer)
        work()
        later = Message.objects.filter(kind="minutes", to=chair).exclude(pk=message.pk).get()
        assert undecided.reference in self.text_of(later), "what was promised came"

    def test_one_that_the_order_took_off_is_neither_named_nor_promised(
        self, meeting, signed, team, coordinator, officer, chair, full_room, client
    ):
        never_discussed = complete_case(make_case(team=team, by=coordinator), coordinator)
        actions.list_case(meeting=meeting, case=never_discussed, by=coordinator)
        restriction = restrict(never_discussed, officer)
        finish(meeting, coordinator)
        work()
        message = Message.objects.get(kind="minutes", to=chair)
        assert never_discussed.reference not in message.body + self.text_of(message)
        assert "all its decisions are signed" in message.body
        client.force_login(chair)
        file = reverse("message-file", args=[message.pk, message.enclosures.get().pk])
        assert client.get(file).status_code == 200, "nothing of it is in them"
        assert not Delivery.objects.filter(message__kind="minutes", state="held").exists()
        lift(restriction, officer)
        work()
        assert Message.objects.filter(kind="minutes", to=chair).count() == 1

    def test_whole_ones_that_are_still_on_their_way_hold_up_nobody_else(
        self, server, meeting, signed, second, coordinator, chair, officer, client
    ):
        type(chair).objects.filter(pk=chair.pk).update(email="chair@hospital.example")
        actions.sign_decision(decision=second, by=chair)
        finish(meeting, coordinator)
        send_minutes(meeting=type(meeting).objects.get(pk=meeting.pk))  # queued, and the worker has not come to them
        Duty.objects.filter(kind="send-minutes").delete()
        minutes = Message.objects.filter(kind="minutes", to=chair).order_by("pk")
        restriction = restrict(second.case, officer)
        work()
        whole, without = minutes
        assert whole.delivery.state == Delivery.State.HELD
        assert withheld_in(without.key) == {second.case_id}
        assert without.delivery.state == Delivery.State.SENT
        assert signed.case.reference in self.text_of(without)
        client.force_login(chair)
        file = reverse("message-file", args=[without.pk, without.enclosures.get().pk])
        assert client.get(file).status_code == 200
        lift(restriction, officer)
        work()
        assert minutes.count() == 2, "the whole ones that waited are those that follow"
