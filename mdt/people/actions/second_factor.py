"""The second factor of an account: an app that makes codes, and recovery codes for the day when it is lost."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mdt.clocks import CLOCK_SLACK
from mdt.events.kinds import Kind
from mdt.people import second_factor
from mdt.people.actions.errors import PeopleError
from mdt.people.models import RecoveryCode, SecondFactor, User
from mdt.people.own_log import record_of

MOST_FAILURES = 5
LOCK = timedelta(minutes=10)
STEPS_OF_SLACK = CLOCK_SLACK // timedelta(seconds=second_factor.STEP_SECONDS)
"""A last code from further ahead was given while the clock was wrong; it refuses nobody until that time has come."""
RECOVERY_CODES = 10


@transaction.atomic
def begin_second_factor(*, person: User) -> SecondFactor:
    """A new secret, which counts once a code made from it was entered. Raises PeopleError where one counts already."""
    if SecondFactor.objects.confirmed().filter(person=person).exists():
        raise PeopleError(_("A second factor is set up already. Remove it before you set up another."))
    factor, _created = SecondFactor.objects.update_or_create(
        person=person, defaults={"sealed_secret": second_factor.sealed(second_factor.new_secret())}
    )
    return factor


@transaction.atomic
def confirm_second_factor(*, person: User, code: str) -> list[str]:
    """Switch the new secret on; answers with the recovery codes, which are kept nowhere in clear.

    Raises PeopleError where the code is not one of the new secret's.
    """
    factor = SecondFactor.objects.select_for_update().filter(person=person, confirmed_at=None).first()
    step = second_factor.step_of(factor.secret, code) if factor else None
    if step is None:
        raise PeopleError(
            _("This is not the code that the app shows now. Check the clock of the phone, then try again.")
        )
    factor.confirmed_at, factor.last_step = timezone.now(), step
    factor.save(update_fields=["confirmed_at", "last_step"])
    record_of(person, Kind.SECOND_FACTOR_ADDED, by=person, username=person.username)
    return make_recovery_codes(person=person)


@transaction.atomic
def make_recovery_codes(*, person: User) -> list[str]:
    """New recovery codes in place of the old ones. Each opens the account once."""
    RecoveryCode.objects.filter(person=person).delete()
    codes = [second_factor.new_recovery_code() for _number in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, digest=second_factor.recovery_digest(code)) for code in codes
    )
    record_of(person, Kind.RECOVERY_CODES_MADE, by=person, username=person.username, count=len(codes))
    return codes


@transaction.atomic
def remove_second_factor(*, person: User, by: User | None) -> None:
    """Take the second factor away: the person, or for a lost phone an administrator of all their teams.

    `by` None: somebody on the machine itself.
    """
    RecoveryCode.objects.filter(person=person).delete()
    removed, _rows = SecondFactor.objects.filter(person=person).delete()
    if removed:
        record_of(person, Kind.SECOND_FACTOR_REMOVED, by=by, username=person.username)


@transaction.atomic
def use_code(*, person: User, code: str) -> bool:
    """Whether this is a code of the app, not used before, or an unused recovery code; it is used up then.

    After MOST_FAILURES wrong ones in a row no code is right for ten minutes, wherever they came from.
    """
    factor = SecondFactor.objects.confirmed().select_for_update().filter(person=person).first()
    now = timezone.now()
    if factor is None or (factor.locked_until and now < factor.locked_until <= now + LOCK + CLOCK_SLACK):
        return False
    is_right = _use_step(factor, code) or _use_recovery_code(person, code)
    if is_right:
        factor.failures, factor.locked_until = 0, None
    else:
        factor.failures += 1
        if factor.failures >= MOST_FAILURES:
            factor.failures, factor.locked_until = 0, now + LOCK
            record_of(person, Kind.SIGN_IN_LOCKED, by=None, username=person.username, what="code")
    factor.save(update_fields=["failures", "locked_until", "last_step"])
    return is_right


def _use_step(factor: SecondFactor, code: str) -> bool:
    step = second_factor.step_of(factor.secret, code)
    if step is None or step <= factor.last_step <= step + STEPS_OF_SLACK:
        return False  # a code that was used is worth nothing to who looked over the shoulder
    factor.last_step = step
    return True


def _use_recovery_code(person: User, code: str) -> bool:
    digest = second_factor.recovery_digest(code)
    unused = RecoveryCode.objects.filter(person=person, used_at=None)
    found = next((row for row in unused if secrets.compare_digest(row.digest, digest)), None)
    if found is None:
        return False
    RecoveryCode.objects.filter(pk=found.pk).update(used_at=timezone.now())
    record_of(person, Kind.RECOVERY_CODE_USED, by=person, username=person.username, left=len(unused) - 1)
    return True
