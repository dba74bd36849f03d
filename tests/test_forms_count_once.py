"""A form of a page counts once: sent again it is answered as before, also after somebody undid what it had done."""

import re
import threading
from datetime import time, timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.shortcuts import redirect
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import actions as cases
from cases.models import Case
from mdt.duties.registry import handler_of, regular_kinds
from mdt.events import once
from mdt.events.kinds import Kind
from mdt.events.models import Event, SentForm
from mdt.meetings.models import Series
from mdt.once import _page_of
from mdt.people import actions as people
from mdt.people.models import Membership, Role, User
from mdt.people.sessions import keep_unsent
from mdt.people.templatetags.looks import way_back
from mdt.privacy import actions as privacy
from mdt.privacy.duties import FORMS_KEPT
from mdt.privacy.models import LegalHold
from mdt.privacy.policy import policy
from mdt.sent import page_of_this_site
from mdt.unavailable import said
from tests.builders import make_team, make_user
from tests.page_forms import form_on

SAID = "This form had arrived before."


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def filled(client, page, *actions, **entries):
    return form_on(client.get(page).text, *(actions or ("", page))) | entries


@pytest.mark.django_db
def test_a_close_from_before_a_reopening_does_not_close_again(case, coordinator):
    client, url = signed_in(coordinator), reverse("case-close", args=[case.reference])
    form = filled(client, url, reason="Moved away")
    first = client.post(url, form)
    cases.reopen_case(case=case, by=coordinator, reason="Came back")
    lines = Event.objects.count()
    again = client.post(url, form, follow=True)
    assert again.redirect_chain == [(first.url, 302)]
    assert SAID in again.text
    case.refresh_from_db()
    assert case.is_open
    assert Event.objects.writes().count() == lines
    client.post(url, filled(client, url, reason="Moved away"))  # the same words from a page opened since are meant
    case.refresh_from_db()
    assert not case.is_open


@pytest.mark.django_db
def test_a_first_password_that_was_replaced_is_not_set_again(surgeon, admin):
    client = signed_in(admin)
    url = reverse("password-set", args=["gc", surgeon.username])
    form = filled(client, reverse("person", args=["gc", surgeon.username]), url, password="a-first-One-4711")
    client.post(url, form)
    people.change_own_password(person=surgeon, password="my-own-One-815-x")
    assert client.post(url, form).status_code == 302
    assert User.objects.get(pk=surgeon.pk).check_password("my-own-One-815-x")
    assert "4711" not in "".join(SentForm.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_roles_and_accounts_that_others_changed_since_stay_so(surgeon, admin, team):
    client, page = signed_in(admin), reverse("person", args=["gc", surgeon.username])
    sent = []
    for name, entries in (("roles-change", {"roles": ["chair"]}), ("person-deactivate", {})):
        url = reverse(name, args=["gc", surgeon.username])
        sent.append((url, filled(client, page, url, **entries)))
        client.post(*sent[-1])
    people.reactivate_person(person=User.objects.get(pk=surgeon.pk), by=admin)
    people.change_roles(team=team, by=admin, person=surgeon, roles=["member"])
    for url, form in sent:
        assert SAID in client.post(url, form, follow=True).text
    assert list(Membership.objects.filter(user=surgeon).values_list("role", flat=True)) == ["member"]
    assert User.objects.get(pk=surgeon.pk).is_active


@pytest.mark.django_db
def test_a_hold_that_was_lifted_is_not_placed_again(case, team):
    officer = make_user("officer", team=team, roles=(Role.PRIVACY,))
    client, url = signed_in(officer), reverse("hold-place")
    form = filled(client, url, reference=case.reference, reason="A claim")
    client.post(url, form)
    privacy.lift_hold(hold=LegalHold.objects.get(), by=officer, reason="Settled")
    assert client.post(url, form).status_code == 302
    assert not LegalHold.objects.in_force().exists()


@pytest.mark.django_db
def test_a_referral_from_before_its_case_was_closed_opens_no_second_one(case, coordinator):
    client, url = signed_in(coordinator), reverse("case-refer")
    entries = {"hospital_number": "4471", "name": "Lin Meihua", "born_on": "1958-02-03", "sex": "female",
               "question": "Hepatectomy now?", "reason": "new", "pathway": "gclm", "referrer": "Dr Bai Lu"}  # fmt: skip
    form = filled(client, url, **entries)
    answer = client.post(url, form)
    referred = Case.objects.exclude(pk=case.pk).get()
    cases.close_case(case=referred, by=coordinator, reason="A mistake")
    assert client.post(url, form).url == answer.url
    assert Case.objects.count() == 2


@pytest.mark.django_db
def test_what_was_refused_may_be_sent_again(case, coordinator):
    client, url = signed_in(coordinator), reverse("case-reopen", args=[case.reference])
    form = filled(client, url, reason="Came back")
    assert client.post(url, form).status_code == 422  # it is open
    cases.close_case(case=case, by=coordinator, reason="Moved away")
    assert client.post(url, form).status_code == 302
    case.refresh_from_db()
    assert case.is_open


@pytest.mark.django_db
def test_a_wrong_password_leaves_the_form_to_be_sent_again(client, coordinator):
    """The attempt is a line in the log, and no effect of the form."""
    page = reverse("account")
    client.force_login(coordinator)
    url = reverse("recovery-codes")
    form = {"csrfmiddlewaretoken": "m" * 64, "password": "wrong"}
    for _time in range(2):
        assert client.post(url, form).status_code == 422
    assert not SentForm.objects.exists()
    assert client.get(page).status_code == 200


@pytest.mark.django_db
def test_a_part_of_a_page_is_told_so_and_keeps_what_stands_there(case, coordinator):
    client, url = signed_in(coordinator), reverse("case-close", args=[case.reference])
    form = filled(client, url, reason="Moved away")
    client.post(url, form)
    again = client.post(url, form, headers={"HX-Request": "true"})
    assert again.status_code == 204
    assert SAID in again.headers["HX-Trigger"]


@pytest.mark.django_db
def test_another_person_and_another_text_are_other_forms(case, coordinator, chair):
    url = reverse("case-close", args=[case.reference])
    form = {"csrfmiddlewaretoken": "m" * 64, "reason": "Moved away"}
    signed_in(coordinator).post(url, form)
    for client, changes in ((signed_in(coordinator), {"reason": "Died"}), (signed_in(chair), {})):
        cases.reopen_case(case=case, by=coordinator, reason="Came back")
        assert SAID not in client.post(url, form | changes, follow=True).text
        case.refresh_from_db()
        assert not case.is_open


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_has_its_effect():
    team = make_team("gc")
    person = make_user("planner", discipline="coordination", team=team, roles=(Role.COORDINATOR,))
    url = reverse("series-start")
    form = filled(signed_in(person), url, name="Tuesday board", pattern="weekly", do="save")
    clients = [signed_in(person) for _ in range(4)]
    answers, start = [], threading.Barrier(len(clients))

    def send(client) -> None:
        try:
            start.wait()
            answers.append(client.post(url, form))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Series.objects.count() == 1
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url for answer in answers} <= {Series.objects.get().get_absolute_url(), reverse("queue")}
    assert SentForm.objects.count() == 1
    assert timezone.now() - SentForm.objects.get().at < timedelta(hours=1)
    assert Series.objects.get().begins_at == time(14, 0)


def twins(client, url, form, *, until):
    """Both answers to a form that comes twice, the second between the effect of the first and its answer; the first is
    answered once `until(waits)` returns, where `waits` is set when the second begins to wait."""
    counted, waits, answers = threading.Event(), threading.Event(), {}
    keep, look = once.keep_answer, once.answered_by_another

    def keep_later(*args):
        counted.set()
        until(waits)
        keep(*args)

    def look_and_say(*args):
        waits.set()
        return look(*args)

    def send(name, sender) -> None:
        try:
            answers[name] = sender.post(url, form)
        finally:
            connection.close()

    with (
        mock.patch.object(once, "keep_answer", keep_later),
        mock.patch.object(once, "answered_by_another", look_and_say),
    ):
        first = threading.Thread(target=send, args=["first", client[0]])
        first.start()
        assert counted.wait(30)
        second = threading.Thread(target=send, args=["second", client[1]])
        second.start()
        for thread in (first, second):
            thread.join()
    return answers["first"], answers["second"]


class TestTwins:
    """The second comes before it is known where the first is led."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def sent(self):
        team = make_team("gc")
        person = make_user("planner", discipline="coordination", team=team, roles=(Role.COORDINATOR,))
        url = reverse("series-start")
        form = filled(signed_in(person), url, name="Tuesday board", pattern="weekly", do="save")
        return [signed_in(person) for _ in range(2)], url, form

    def test_it_waits_and_is_led_where_the_first_was(self, sent):
        first, second = twins(*sent, until=lambda waits: waits.wait(30))
        assert second.url == first.url == Series.objects.get().get_absolute_url()
        assert SAID in sent[0][1].get(second.url).text

    def test_after_some_seconds_it_says_that_it_is_being_saved(self, sent, monkeypatch):
        monkeypatch.setattr(once, "PATIENCE_SECONDS", 0)
        person = sent[0][1]
        row, is_said = [], threading.Event()

        def until(waits):
            waits.wait(30)
            row.append(SentForm.objects.get().is_answered)
            assert is_said.wait(30)

        def redirect_and_say(to):
            is_said.set()
            return redirect(to)

        with mock.patch("mdt.once.redirect", redirect_and_say):
            _first, second = twins(*sent, until=until)
        assert row == [False]
        assert second.url == reverse("queue")
        assert "is being saved; it counts once" in person.get(second.url).text
        assert Series.objects.count() == 1


@pytest.mark.django_db
class TestAnErrorBehindTheEffect:
    """A line of the log was written, and its sender saw that something broke: no second one waits for an answer to it,
    and none is told that it counted, since the line may be of a look."""

    @pytest.fixture
    def is_awaited(self, monkeypatch):
        monkeypatch.setattr(once, "PATIENCE_SECONDS", 0)

    @pytest.mark.parametrize("is_answered", [True, False])
    def test_is_told_as_what_nobody_knows(self, case, coordinator, monkeypatch, is_awaited, is_answered):
        """Also where the web server was ended at that moment, so that no answer was noted, a minute later."""
        client, url = Client(raise_request_exception=False), reverse("case-close", args=[case.reference])
        client.force_login(coordinator)
        form = filled(client, url, reason="Moved away")
        with mock.patch("cases.views.referral.redirect", side_effect=ZeroDivisionError):
            assert client.post(url, form).status_code == 500
        if not is_answered:
            SentForm.objects.update(is_answered=False, answer="")
            assert "is being saved" in client.post(url, form, follow=True).text
            SentForm.objects.update(at=timezone.now() - once.NEVER_ANSWERED - timedelta(seconds=1))
        again = client.post(url, form, headers={"Referer": f"http://testserver{url}"})
        assert again.status_code == 409
        assert "is not known here" in again.text
        assert "counted once" not in again.text
        assert "is being saved" not in again.text
        assert "Moved away" in again.text, "what was typed is kept"
        assert f'href="{url}"' in again.text, "and the way to look"
        part = client.post(url, form, headers={"HX-Request": "true"})
        assert (part.status_code, "and broke" in part.headers["HX-Trigger"]) == (204, True)
        assert Event.objects.filter(kind=Kind.CASE_CLOSED).count() == 1

    def test_of_a_look_that_broke_before_the_effect_nothing_is_said_to_have_counted(self, case, team, is_awaited):
        client, url = Client(raise_request_exception=False), reverse("rectified", args=[case.reference])
        client.force_login(make_user("officer", team=team, roles=(Role.PRIVACY,)))
        form = filled(client, reverse("disclosures", args=[case.reference]), url, reason="The wrong number of lesions")
        with mock.patch("mdt.privacy.recipients.views.page.of_case", side_effect=ZeroDivisionError):
            assert client.post(url, form).status_code == 500, "the look was logged, nothing else was done"
        again = client.post(url, form)
        assert "is not known here" in again.text
        assert "The wrong number of lesions" in again.text
        assert "counted once" not in again.text

    def test_before_it_leaves_the_form_free(self, case, coordinator, is_awaited):
        client, url = Client(raise_request_exception=False), reverse("case-close", args=[case.reference])
        client.force_login(coordinator)
        form = filled(client, url, reason="Moved away")
        with mock.patch("cases.views.referral.actions.close_case", side_effect=ZeroDivisionError):
            assert client.post(url, form).status_code == 500
        assert not SentForm.objects.exists()
        assert client.post(url, form).url == case.get_absolute_url()


class TestOneWhoseFirstSendingIsRefusedAfterAll:
    """The browser drops the answer to the first: the words that were typed stand in the answer to the second."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def first_at(self, monkeypatch):
        """The first has the form taken at the look of this number, counted from 0, and is refused before the next."""
        look, looks = once.taken_by_another, []

        def begin(number):
            def looked(sending):
                looks.append(sending)
                if len(looks) == number + 1:
                    SentForm.objects.create(key=sending.key, request="of the first")
                else:
                    SentForm.objects.filter(request="of the first").delete()
                return look(sending)

            monkeypatch.setattr(once, "taken_by_another", looked)

        return begin

    def test_it_is_answered_for_itself(self, case, coordinator, first_at):
        client, url = signed_in(coordinator), reverse("case-reopen", args=[case.reference])
        form = filled(client, url, reason="Came back after a year abroad")
        first_at(0)
        answer = client.post(url, form)
        assert answer.status_code == 422, "the case is open"
        assert form_on(answer.text, "", url)["reason"] == ["Came back after a year abroad"]

    def test_it_has_its_effect_where_that_is_possible_now(self, case, coordinator, first_at):
        client, url = signed_in(coordinator), reverse("case-close", args=[case.reference])
        form = filled(client, url, reason="Moved away")
        first_at(0)
        assert client.post(url, form).url == case.get_absolute_url()
        case.refresh_from_db()
        assert not case.is_open
        assert SAID in client.post(url, form, follow=True).text, "and once only"

    def test_refused_as_well_it_keeps_its_own_page(self, case, coordinator, first_at):
        client, url = signed_in(coordinator), reverse("case-reopen", args=[case.reference])
        form = filled(client, url, reason="Came back after a year abroad")
        first_at(1)
        answer = client.post(url, form)
        assert answer.status_code == 422
        assert form_on(answer.text, "", url)["reason"] == ["Came back after a year abroad"]

    @pytest.mark.parametrize("is_part", [False, True])
    def test_undone_for_the_sake_of_the_first_it_can_be_sent_again_from_the_answer(
        self, case, coordinator, monkeypatch, is_part
    ):
        client, url = signed_in(coordinator), reverse("case-close", args=[case.reference])
        form = filled(client, url, reason="Moved away to her daughter")
        client.post(url, form)
        cases.reopen_case(case=case, by=coordinator, reason="Came back")
        with monkeypatch.context() as patch:
            patch.setattr(once, "taken_by_another", lambda sending: None)
            answer = client.post(url, form, headers={"HX-Request": "true"} if is_part else {})
        case.refresh_from_db()
        assert case.is_open
        if is_part:  # the page stays as it is
            assert (answer.status_code, "Send it again" in answer.headers["HX-Trigger"]) == (204, True)
            return
        assert answer.status_code == 409
        assert "nothing is stored. Send it again." in answer.text
        SentForm.objects.all().delete()  # the first is refused
        assert client.post(url, form_on(answer.text, url)).url == case.get_absolute_url()
        case.refresh_from_db()
        assert not case.is_open
        assert "Moved away to her daughter" in client.get(case.get_absolute_url()).text


@pytest.mark.django_db
def test_a_form_with_a_password_or_a_file_asks_for_that_alone_and_keeps_the_rest(rf):
    """Neither stands in a page: they are given once more on the page that says so, and nothing else is lost."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = {"reason": "It was looked at again", "password": "correct-horse-battery", "ticked": ["a", "b"]}
    page = said("sent_again.html", rf.post("/x/", {**given, "report": SimpleUploadedFile("r.pdf", b"x")}))
    assert "correct-horse-battery" not in page
    assert "give it once more here" in page
    assert 'enctype="multipart/form-data"' in page
    entries = form_on(page, "/x/")
    assert entries["reason"] == ["It was looked at again"]
    assert entries["ticked"] == ["a", "b"]
    assert re.search(r'type="password"\s+name="password"\s+id="anew-password"\s+required', page)
    assert re.search(r'type="file"\s+name="report"\s+id="anew-report"\s+required', page)
    assert "give it once more" not in said("sent_again.html", rf.post("/x/", {"reason": "x y"}))


@pytest.mark.django_db
def test_marks_are_forgotten_after_thirty_days_and_a_page_of_then_is_of_no_session(case, coordinator):
    def signed_in_as_in_a_browser():
        client = Client(enforce_csrf_checks=True)
        client.force_login(coordinator)
        return client

    client, url = signed_in_as_in_a_browser(), reverse("case-close", args=[case.reference])
    form = filled(client, url, reason="Moved away")
    assert client.post(url, form).status_code == 302
    cases.reopen_case(case=case, by=coordinator, reason="Came back")
    mark = SentForm.objects.filter(answer=case.get_absolute_url())
    mark.update(at=timezone.now() - FORMS_KEPT + timedelta(hours=1))
    handler_of("prune-forms")("prune-forms")
    assert mark.exists()
    mark.update(at=timezone.now() - FORMS_KEPT - timedelta(seconds=1))
    handler_of("prune-forms")("prune-forms")
    assert not mark.exists()
    later = signed_in_as_in_a_browser()  # a session ends after ten hours; signing in makes a new token
    later.get(url)
    assert later.post(url, form).status_code == 403
    case.refresh_from_db()
    assert case.is_open
    assert "prune-forms" in regular_kinds()
    assert f"once {FORMS_KEPT.days} days old" in policy().kind("forms").ground


@pytest.mark.django_db
def test_a_form_with_nothing_in_it_was_sent_as_well(case, coordinator):
    """Its token may come in a header, and every box may be unticked."""
    client, url = signed_in(coordinator), reverse("case-close", args=[case.reference])
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 422
    note = reverse("account")
    assert client.post(note, {}).status_code == 422, "the form of one's own account, that two people may edit"


@pytest.mark.parametrize(
    "said",
    [
        "http://testserver//evil.example/x",
        "http://testserver/\\evil.example/x",
        "http://testserver///evil.example",
        "http://evil.example/x",
        "http://testserver@evil.example/x",
        "http://testserver",
        "//[evil",
        "",
    ],
)
def test_nobody_is_led_to_another_site_by_where_the_form_stood(rf, said):
    """Not by the answer to a second arrival, the link behind a kept form, or the way to the hospital's sign-on."""
    request = rf.post("/cases/refer/", headers={"referer": said})
    request.user, request.session = AnonymousUser(), {}
    keep_unsent(request, 1)
    assert page_of_this_site(request) == ""
    assert _page_of(request) == "/cases/refer/"
    assert request.session["unsent"]["page"] == ""
    assert way_back(request) == "/"


def test_the_page_on_which_the_form_stood_is_known_with_what_was_chosen_there(rf):
    request = rf.post("/cases/refer/", headers={"referer": "http://testserver/cases/?q=1//x#part"})
    request.user, request.session = AnonymousUser(), {}
    keep_unsent(request, 1)
    assert {_page_of(request), request.session["unsent"]["page"], way_back(request)} == {"/cases/?q=1//x"}
