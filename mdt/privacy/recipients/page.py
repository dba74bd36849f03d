"""What the pages about recipients show."""

from typing import Any

from cases.models import Case
from mdt.people.models import User
from mdt.privacy.models import Notice
from mdt.privacy.page import SHOWN, teams_of
from mdt.privacy.recipients.disclosures import disclosures_of


def of_case(case: Case) -> dict[str, Any]:
    """Everybody who was given data of one case, and the notices that came of it."""
    notices = Notice.objects.filter(case_reference=case.reference, team=case.team_id)
    return {
        "case": case,
        "disclosures": disclosures_of(case),
        "notices": notices.select_related("noted_by", "answer__answered_by"),
    }


def open_notices(user: User):
    """Notices of the teams whose privacy office this person holds that nobody has dealt with, oldest first."""
    return Notice.objects.filter(team__in=teams_of(user), answer=None).order_by("pk")


def all_notices(user: User) -> dict[str, Any]:
    open_ones = open_notices(user)
    answered = Notice.objects.filter(team__in=teams_of(user)).exclude(answer=None)
    return {
        "open": open_ones.select_related("noted_by")[:SHOWN],
        "open_count": open_ones.count(),
        "answered": answered.select_related("noted_by", "answer__answered_by").order_by("-answer__pk")[:SHOWN],
    }
