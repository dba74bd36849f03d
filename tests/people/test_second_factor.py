"""The second factor: setting it up, signing in with it, recovery codes, and who must have one."""

from datetime import timedelta

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people import actions
from mdt.people.models import RecoveryCode, SecondFactor, SignIn
from tests.clock import Clock

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(timezone.now())
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    return clock


def code_at(factor, moment):
    return pyotp.TOTP(factor.secret).at(moment)


@pytest.fixture
def factor(chair, clock):
    """The chair's app, set up a while ago."""
    factor = actions.begin_second_factor(person=chair)
    factor.codes = actions.confirm_second_factor(person=chair, code=code_at(factor, clock.now()))
    clock.pass_minutes(5)
    return factor


def kinds():
    return list(Event.objects.order_by("number").values_list("kind", flat=True))


def give_password(client, username="chair", **fields):
    return client.post(reverse("sign-in"), {"username": username, "password": PASSWORD, **fields})


def give_code(client, code):
    return client.post(reverse("sign-in-code"), {"code": code})


def test_setting_up_shows_a_picture_then_ten_codes_once(client, chair, clock):
    client.force_login(chair)
    assert "Not set up" in client.get(reverse("second-factor")).text
    page = client.post(reverse("second-factor-begin"), follow=True)
    factor = SecondFactor.objects.get()
    assert factor.secret in page.text
    assert "<svg" in page.text
    assert factor.secret not in factor.sealed_secret
    wrong = client.post(reverse("second-factor-confirm"), {"code": "000000"})
    assert wrong.status_code == 422
    assert not SecondFactor.objects.confirmed().exists()
    done = client.post(reverse("second-factor-confirm"), {"code": code_at(factor, clock.now())})
    codes = done.context["codes"]
    assert len(set(codes)) == 10
    assert all(code in done.text for code in codes)
    later = client.get(reverse("second-factor")).text
    assert not any(code in later for code in [*codes, factor.secret])
    assert not set(codes) & set(RecoveryCode.objects.values_list("digest", flat=True))
    assert kinds()[-2:] == [Kind.SECOND_FACTOR_ADDED, Kind.RECOVERY_CODES_MADE]


def test_the_password_alone_opens_nothing(client, factor, chair, clock):
    answer = give_password(client, next=reverse("account"))
    assert answer.url == reverse("sign-in-code")
    assert client.get(reverse("queue")).url.startswith(reverse("sign-in"))
    assert give_code(client, "123 45").status_code == 422
    opened = give_code(client, code_at(factor, clock.now()))
    assert opened.url == reverse("account")
    assert client.get(reverse("account")).status_code == 200
    assert SignIn.objects.get().way == SignIn.Way.SECOND_FACTOR
    failed = Event.objects.get(kind=Kind.SIGN_IN_FAILED)
    assert failed.data == {"username": "chair", "what": "code", "address": "127.0.0.1"}


def test_a_code_serves_once(client, factor, chair, clock):
    code = code_at(factor, clock.now())
    give_password(client)
    assert give_code(client, code).status_code == 302
    client.logout()
    give_password(client)
    assert give_code(client, code).status_code == 422
    clock.pass_minutes(1)
    assert give_code(client, code_at(factor, clock.now())).status_code == 302


@pytest.mark.parametrize(("seconds", "is_right"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_a_clock_may_differ_by_half_a_minute(factor, chair, clock, seconds, is_right):
    code = code_at(factor, clock.now() + timedelta(seconds=seconds))
    assert actions.use_code(person=chair, code=code) is is_right


def test_five_wrong_codes_in_a_row_lock_the_code_wherever_they_come_from(client, factor, chair, clock):
    for number in range(5):
        assert not actions.use_code(person=chair, code=f"00000{number}")
    assert kinds()[-1] == Kind.SIGN_IN_LOCKED
    give_password(client)
    assert give_code(client, code_at(factor, clock.now())).status_code == 422
    assert give_code(client, factor.codes[0]).status_code == 422, "recovery codes are locked as well"
    clock.pass_minutes(4)
    give_password(client)
    clock.pass_minutes(4)
    assert give_code(client, code_at(factor, clock.now())).status_code == 422
    clock.pass_minutes(3)
    give_password(client)
    assert give_code(client, code_at(factor, clock.now())).status_code == 302


def test_a_recovery_code_opens_the_account_once(client, factor, chair):
    code = factor.codes[3]
    give_password(client)
    assert give_code(client, f" {code.upper().replace('-', ' ')} ").status_code == 302
    line = Event.objects.get(kind=Kind.RECOVERY_CODE_USED)
    assert line.data == {"username": "chair", "left": 9}
    client.logout()
    give_password(client)
    assert give_code(client, code).status_code == 422


def test_the_right_password_is_worth_five_minutes_and_one_password(client, factor, chair, clock):
    give_password(client)
    clock.pass_minutes(6)
    assert give_code(client, code_at(factor, clock.now())).url == reverse("sign-in")
    give_password(client)
    actions.change_own_password(person=chair, password="quite-another-pass")
    assert give_code(client, code_at(factor, clock.now())).url == reverse("sign-in")


def test_without_a_password_the_code_is_not_asked_for(client, factor, clock):
    assert client.get(reverse("sign-in-code")).url == reverse("sign-in")
    assert give_code(client, code_at(factor, clock.now())).url == reverse("sign-in")


def test_removing_it_needs_the_password_or_a_code(client, factor, chair, clock):
    client.force_login(chair)
    assert client.post(reverse("second-factor-remove"), {"password": "wrong"}).status_code == 422
    assert client.post(reverse("recovery-codes"), {"password": ""}).status_code == 422
    made = client.post(reverse("recovery-codes"), {"password": code_at(factor, clock.now())})
    assert len(made.context["codes"]) == 10
    assert not actions.use_code(person=chair, code=factor.codes[0]), "the older ones are void"
    clock.pass_minutes(5)
    assert client.post(reverse("second-factor-remove"), {"password": PASSWORD}).status_code == 302
    assert not SecondFactor.objects.exists()
    assert Event.objects.filter(kind=Kind.SECOND_FACTOR_REMOVED, by=chair).exists()
    client.logout()
    assert give_password(client).url == reverse("queue")


def test_an_administrator_removes_it_where_the_phone_is_lost(client, factor, chair, admin, team, surgeon):
    url = reverse("person-second-factor-remove", args=[team.code, "chair"])
    client.force_login(surgeon)
    assert client.post(url).status_code == 403
    client.force_login(admin)
    page = client.get(reverse("person", args=[team.code, "chair"]))
    assert "A second factor is set up." in page.text
    assert client.post(url).status_code == 302
    assert not SecondFactor.objects.exists()
    assert Event.objects.get(kind=Kind.SECOND_FACTOR_REMOVED).by == admin


@override_settings(SECOND_FACTOR_REQUIRED=True)
@pytest.mark.parametrize("who", ["chair", "auditor", "admin"])
def test_where_it_is_needed_only_its_own_page_opens(client, request, who, clock):
    person = request.getfixturevalue(who)
    client.force_login(person)
    for page in ("account", "queue", "recovery-codes", "teams"):
        assert client.get(reverse(page)).url == reverse("second-factor")
    assert "Your role needs" in client.get(reverse("second-factor")).text
    client.post(reverse("second-factor-begin"))
    client.post(reverse("second-factor-confirm"), {"code": code_at(person.second_factor, clock.now())})
    assert client.get(reverse("account")).status_code == 200


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_who_neither_signs_nor_manages_needs_none(client, surgeon):
    client.force_login(surgeon)
    assert client.get(reverse("account")).status_code == 200


def test_the_demonstration_asks_nobody_for_one(client, chair):
    assert give_password(client).url == reverse("queue")


def test_under_another_secret_key_no_code_is_right_and_the_former_key_still_opens(
    client, chair, factor, clock, settings
):
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the installation"
    give_password(client)
    assert give_code(client, "123456").status_code == 422
    assert client.get(reverse("sign-in-code")).status_code == 200
    settings.SECRET_KEY_FALLBACKS = [former]
    assert actions.use_code(person=chair, code=pyotp.TOTP(factor.secret).at(clock.now()))


def test_a_command_on_the_machine_removes_it(client, factor, chair, capsys):
    call_command("remove_second_factor", "chair")
    assert not SecondFactor.objects.exists()
    assert Event.objects.get(kind=Kind.SECOND_FACTOR_REMOVED).by is None
    with pytest.raises(CommandError, match="Nobody"):
        call_command("remove_second_factor", "nobody")


def test_a_code_given_while_the_clock_was_a_day_ahead_refuses_nobody_later(factor, chair, clock):
    clock.pass_minutes(24 * 60)
    assert actions.use_code(person=chair, code=code_at(factor, clock.now()))
    clock.pass_minutes(-24 * 60)
    right = code_at(factor, clock.now())
    assert actions.use_code(person=chair, code=right)
    assert not actions.use_code(person=chair, code=right), "and none serves twice"


def test_a_lock_made_while_the_clock_was_a_day_ahead_ends_with_it(factor, chair, clock):
    clock.pass_minutes(24 * 60)
    for _number in range(5):
        actions.use_code(person=chair, code="000000")
    assert not actions.use_code(person=chair, code=code_at(factor, clock.now()))
    clock.pass_minutes(-24 * 60)
    assert actions.use_code(person=chair, code=code_at(factor, clock.now()))
