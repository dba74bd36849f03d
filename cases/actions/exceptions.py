"""Who must hear of it when somebody reads, by an exception, what is not meant for them."""

from collections.abc import Callable, Iterable

from django.utils.translation import override

from cases.models import Case
from mdt.mail.actions import post
from mdt.mail.kinds import Kind as MessageKind
from mdt.mail.language import of as language_of
from mdt.people.models import Role, User


def tell_of_opening(
    *, key: str, case: Case, by: User, roles: Iterable[Role], subject: Callable[[], str], body: Callable[[], str]
) -> None:
    """One message, in their language, to each active holder of these roles in the team of the case but `by` themselves.

    `subject` and `body` are asked once for each, in that language. They must not hold a word of the patient's.
    """
    told = User.objects.filter(memberships__team=case.team, memberships__role__in=list(roles), is_active=True)
    for person in told.exclude(pk=by.pk).distinct():
        with override(language_of(person)):
            post(
                key=f"{key}:{person.pk}",
                kind=MessageKind.EMERGENCY,
                to=person,
                subject=subject(),
                body=body(),
                case_reference=case.reference,
                team=case.team,
            )
