"""Whether a case that is not there any more was erased by order: for those who could see it before, and nobody else."""

from mdt.people.models import User
from mdt.people.permissions import Permission, teams_with
from mdt.privacy.models import Erasure
from mdt.privacy.reach import Part


def erasure_of(user: User, reference: str) -> Erasure | None:
    """The order that erased this case, of a team whose cases the person may see."""
    teams = teams_with(user, Permission.CASE_VIEW)
    if not teams:
        return None
    done = Erasure.objects.filter(request__team__in=teams).select_related("request__team", "request__decision")
    for erasure in done.filter(references__icontains=f'"{reference}"').order_by("pk"):
        if reference in erasure.references and Part.RECORD in erasure.parts:
            return erasure
    return None
