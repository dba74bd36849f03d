"""Telling whoever was given a patient's data that they were corrected, erased or restricted (GDPR 19)."""

from datetime import date

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import ActionError
from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.mail.models import Message
from mdt.people.models import User
from mdt.privacy.actions.naming import refuse_names
from mdt.privacy.models import Notice, NoticeAnswer, Way
from mdt.privacy.recipients.disclosures import Disclosure, addressee_of, third_parties_of


@transaction.atomic
def owe_notices(*, cases: list[Case], by: User, because: str, reason: str) -> int:
    """Put down, for everybody outside who was given data of these cases, that they are to be told. Returns how many.

    Each once for the same fact. One line in the log of each team, of its first case, with how many of its notices. It
    names no case where the patient is being erased: the line stays.
    """
    prefetch_related_objects(cases, "team")
    count = 0
    for team in sorted({case.team for case in cases}, key=lambda team: team.pk):
        own = [case for case in cases if case.team_id == team.pk]
        rows = [row for case in own for row in _rows(case, by, because, reason)]
        if rows:
            Notice.objects.bulk_create(rows)
            case = None if because == Notice.Because.ERASURE else own[0]
            record(Kind.NOTICES_OWED, by=by, team=team, case=case, because=because, count=len(rows))
        count += len(rows)
    return count


def _rows(case: Case, by: User, because: str, reason: str) -> list[Notice]:
    return [_notice(each, case, by, because, reason) for each in third_parties_of(case)]


def _notice(each: Disclosure, case: Case, by: User, because: str, reason: str) -> Notice:
    return Notice(
        team=case.team,
        patient_id=case.patient_id,
        case_reference=case.reference,
        because=because,
        reason=reason,
        recipient=each.recipient,
        way=each.way,
        disclosed_at=each.at,
        noted_by=by,
    )


@transaction.atomic
def owe_late_notices(message: Message, by: User) -> int:
    """A letter to somebody outside that had been given up leaves after all: of what was corrected or restricted since
    it was written they are told as the others were. Returns of how many facts."""
    case = Case.objects.filter(reference=message.case_reference or "-").select_related("team").first()
    if case is None or message.to_id is not None:
        return 0
    known = Notice.objects.filter(case_reference=case.reference, team=case.team_id).order_by("pk")
    facts = known.filter(noted_at__gte=message.posted_at).values_list("because", "reason").distinct()
    who = addressee_of(message)
    told = set(known.filter(recipient__in={who, message.name, message.address}).values_list("because", "reason"))
    owed = [fact for fact in dict.fromkeys(facts) if fact not in told]
    for because, reason in owed:
        each = Disclosure(case.reference, who, Way.LEAVING, timezone.now(), is_third=True)
        notice = _notice(each, case, by, because, reason)
        notice.save()
        record(Kind.NOTICES_OWED, by=by, case=case, because=because, count=1)
    return len(owed)


@transaction.atomic
def say_rectified(*, case: Case, by: User, reason: str) -> int:
    """The privacy officer says that data of this case were wrong and are corrected. Returns how many are to be told.

    Raises ActionError for a text that names the patient, where nobody outside was given anything, and where the same
    was said before.
    """
    refuse_names(case.patient, reason)
    case = Case.objects.select_for_update().select_related("team").get(pk=case.pk)
    before = Notice.objects.filter(case_reference=case.reference, because=Notice.Because.RECTIFICATION)
    if before.filter(reason=reason).exists():
        raise ActionError(_("This was said before: the recipients stand below."))
    count = owe_notices(cases=[case], by=by, because=Notice.Because.RECTIFICATION, reason=reason)
    if not count:
        raise ActionError(_("As far as this system knows, nobody outside was given anything of this case."))
    return count


@transaction.atomic
def answer_notice(*, notice: Notice, by: User, outcome: str, on: date, how: str) -> NoticeAnswer:
    """A recipient was told, or need not be, with the reason. They may have been told before the notice was noted.

    Raises ActionError where that was said before, for a day to come or before they had the data, and without words.
    """
    notice = Notice.objects.select_for_update(of=("self",)).select_related("team").get(pk=notice.pk)
    if NoticeAnswer.objects.filter(notice=notice).exists():
        raise ActionError(_("This recipient was dealt with already."))
    if outcome not in NoticeAnswer.Outcome.values:
        raise ActionError(_("Say whether the recipient was told."))
    if not how.strip():
        raise ActionError(_("Say how they were told, or why not."))
    if on > timezone.localdate() or on < timezone.localdate(notice.disclosed_at):
        raise ActionError(_("Give a day between the one on which they were given the data and today."))
    patient = notice.patient
    if patient is not None:
        refuse_names(patient, how)
    answer = NoticeAnswer.objects.create(notice=notice, outcome=outcome, on=on, how=how, answered_by=by)
    record(
        Kind.NOTICE_ANSWERED,
        by=by,
        team=notice.team,
        case=Case.objects.filter(reference=notice.case_reference).select_related("team").first(),
        subject=answer,
        because=notice.because,
        outcome=outcome,
        on=on,
    )
    return answer
