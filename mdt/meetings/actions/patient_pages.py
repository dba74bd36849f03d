"""Releasing the page that a patient reads: by the responsible doctor, after reading it."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm
from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings import documents
from mdt.meetings.actions.content import Refused
from mdt.meetings.models import Decision, PatientPage
from mdt.meetings.outcome.plain import unexplained
from mdt.people.models import User
from mdt.people.permissions import can_release_patient_page

TEXTS = ("decided", "next", "ask")
PAGE_COUNT = re.compile(rb"/Count (\d+)")


def draft_of(*, decision: Decision, by: User, language: str, decided: str, next: str, ask: str) -> PatientPage:
    """The page as it would be released, checked and not stored.

    Raises Refused, with the field, for an empty or long text, an abbreviation that nobody explains, and for more than
    one page.
    """
    texts = {name: text.strip() for name, text in (("decided", decided), ("next", next), ("ask", ask))}
    for name, text in texts.items():
        limit = PatientPage._meta.get_field(name).max_length
        if not text:
            raise Refused(_("The patient needs to read this: fill it in."), name)
        if len(text) > limit:
            raise Refused(_("This text is too long: at most %(limit)d characters.") % {"limit": limit}, name)
        if name != "ask" and (unknown := unexplained(text, language)):  # names of people and places may be short
            words = {"words": _(", ").join(unknown)}
            raise Refused(_("Say in other words, or explain in brackets right after it: %(words)s") % words, name)
    page = PatientPage(decision=decision, language=language, released_by=by, **texts)
    pages = max(int(count) for count in PAGE_COUNT.findall(documents.preview_patient_page(page)))
    if pages > 1:
        raise Refused(_("This does not fit on one page: say less."), "decided")
    return page


def release_patient_page(
    *, decision: Decision, by: User, language: str, decided: str, next: str, ask: str, based_on: int | None = None
) -> PatientPage:
    """Release a page for the patient of a signed decision, with the releasing doctor's name on it.

    Each release is a page of its own; the newest holds. The same texts released twice are kept once. Raises
    ActionError for somebody who is neither the responsible doctor nor a chair, for an unsigned or replaced version;
    StaleForm where another page was released since the one with the number `based_on` (None: not asked); Refused as
    draft_of.
    """
    if not can_release_patient_page(by, decision.responsible, decision.case.team_id):
        raise ActionError(_("The responsible doctor or a chair releases the page for the patient."))
    if not decision.is_signed:
        raise ActionError(_("Only a signed decision is released."))
    page = draft_of(decision=decision, by=by, language=language, decided=decided, next=next, ask=ask)
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=decision.case_id)
        if Decision.objects.filter(supersedes=decision, sign_off__isnull=False).exists():
            raise ActionError(_("A newer version of this decision was recorded: sign and release that one."))
        newest = decision.patient_pages.filter(language=language).order_by("-number").first()
        if newest is not None and all(getattr(newest, name) == getattr(page, name) for name in TEXTS):
            return newest
        if based_on is not None and based_on != (newest.number if newest else 0):
            raise StaleForm(
                _("%(person)s released another wording in the meantime. Nothing was released.")
                % {"person": newest.released_by}
            )
        page.number = newest.number + 1 if newest else 1
        page.save()
        record(
            Kind.PATIENT_PAGE_RELEASED,
            by=by,
            case=decision.case,
            subject=page,
            meeting=decision.meeting.reference,
            version=decision.version,
            language=language,
            number=page.number,
        )
    return page
