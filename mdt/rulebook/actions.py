"""Every write about rules: comparing a rule with the paper, and the signatures in the life of an edition.

Rules belong to the installation, so the lines of the log belong to no team.
"""

from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classification.edition import Edition
from classification.examples import run_examples
from classification.rulebook import PathwayRules
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Role, User
from mdt.people.permissions import GRANTS, Permission, can_anywhere, roles_by_team
from mdt.rulebook import library
from mdt.rulebook.library import Signable
from mdt.rulebook.models import EditionStep, Judgement, Status
from mdt.rulebook.standing import Standing, judgements_of, progress_of, standing_of

# From each status the next ones; what is retired stays so.
NEXT: dict[str, tuple[Status, ...]] = {
    Status.DRAFT: (Status.REVIEWED,),
    Status.REVIEWED: (Status.APPROVED, Status.DRAFT),
    Status.APPROVED: (Status.RETIRED,),
    Status.RETIRED: (),
}
NEEDS: dict[str, Permission] = {
    Status.REVIEWED: Permission.RULES_REVIEW,
    Status.DRAFT: Permission.RULES_REVIEW,
    Status.APPROVED: Permission.RULES_APPROVE,
    Status.RETIRED: Permission.RULES_APPROVE,
}
KINDS: dict[str, Kind] = {
    Status.REVIEWED: Kind.EDITION_REVIEWED,
    Status.DRAFT: Kind.EDITION_RETURNED,
    Status.APPROVED: Kind.EDITION_APPROVED,
    Status.RETIRED: Kind.EDITION_RETIRED,
}


class RuleRefusal(Exception):
    """An action that cannot be done now. Its message is meant for the person and is shown on the page."""


class StaleRules(RuleRefusal):
    """Rules or signatures changed while the page was open. Nothing was stored."""


def open_steps(user: User, standing: Standing) -> list[Status]:
    """The next statuses that this person may sign."""
    return [status for status in NEXT[standing.status] if can_anywhere(user, NEEDS[status])]


def obstacles(rules: PathwayRules, edition: Signable, status: str, standing: Standing, by: User) -> Iterator[str]:
    """Everything that forbids this person to sign this status, in words; nothing when it may be signed.

    A draft is reviewed, and what was reviewed is approved, only while every example holds and no rule differs from
    the paper. To approve, all rules must have been compared, by whoever compares, and the signature must be another
    person's than the reviewer's or the author's.
    """
    if status == Status.APPROVED:
        yield from _same_person(edition, standing, by)
    if status not in (Status.REVIEWED, Status.APPROVED):
        return
    # options, arguments and gates answer nothing by themselves: there is no example that could hold
    has_examples = isinstance(edition, Edition)
    verdicts = run_examples(rules, edition) if has_examples else []
    failing = list(dict.fromkeys(verdict.example for verdict in verdicts if not verdict.has_passed))
    if failing:
        yield _("These examples do not hold: %(examples)s.") % {"examples": _(", ").join(failing)}
    progress = progress_of(edition, judgements_of(edition.scheme, edition.digest))
    if progress.differs:
        yield ngettext(
            "%(count)d rule differs from the paper: it belongs into a new edition.",
            "%(count)d rules differ from the paper: they belong into a new edition.",
            progress.differs,
        ) % {"count": progress.differs}
    if status != Status.APPROVED:
        return
    if has_examples and not verdicts:
        yield _("The edition has no example: nothing shows that it answers as a person would.")
    if progress.open:
        yield ngettext(
            "%(count)d rule was not compared with the paper yet.",
            "%(count)d rules were not compared with the paper yet.",
            progress.open,
        ) % {"count": progress.open}


def _same_person(edition: Signable, standing: Standing, by: User) -> Iterator[str]:
    if standing.review is None:
        # a status that only the file declares: the first signature is missing here
        yield _("Nobody signed the review here: send the edition back and have it reviewed.")
    elif standing.review.signed_by_id == by.pk:
        yield _("You signed the review yourself: somebody else approves.")
    author = edition.verified_by.casefold()
    if any(name and name.casefold() in author for name in (by.name, by.username)):
        yield _("The file names you as having verified it: somebody else approves.")


def _role_of(by: User, permission: Permission) -> str:
    """The role in which somebody signs: the first, in the order of Role, that grants it in any team."""
    held = {role for roles in roles_by_team(by).values() for role in roles}
    return next((role for role in Role.values if role in held and permission in GRANTS[role]), "")


@transaction.atomic
def sign_edition(*, pathway: str, edition: Signable, status: str, by: User, reason: str, based_on: str) -> EditionStep:
    """Sign the next status of an edition, with the reason. The form has asked for the password again.

    `edition` is as it was on the screen, `based_on` the status that the screen showed. Raises StaleRules if either is
    another by now, RuleRefusal for a step that is not the next, somebody without the right, a missing reason, and any
    of `obstacles`.
    """
    rules = library.rulebook()[pathway]
    if library.edition_of_digest(edition.scheme, edition.edition, edition.digest) is None:
        raise StaleRules(_("The rule file changed in the meantime. Nothing was signed; read the new text first."))
    standing = standing_of(edition)
    if standing.status != based_on:
        raise StaleRules(_("Somebody else signed in the meantime. Nothing was signed; look at what is new."))
    if status not in NEXT[standing.status]:
        raise RuleRefusal(_("This is not the next step of the edition."))
    if not can_anywhere(by, NEEDS[status]):
        raise RuleRefusal(_("You have no right to sign this step."))
    reason = reason.strip()
    if not reason or len(reason) > 400:
        raise RuleRefusal(_("Say in up to 400 characters what the signature rests on."))
    for obstacle in obstacles(rules, edition, status, standing, by):
        raise RuleRefusal(obstacle)
    try:
        with transaction.atomic():
            step = EditionStep.objects.create(
                pathway=pathway,
                scheme=edition.scheme,
                edition=edition.edition,
                digest=edition.digest,
                number=len(standing.steps) + 1,
                status=status,
                reason=reason,
                signed_by=by,
                role=_role_of(by, NEEDS[status]),
                discipline=by.discipline,
            )
    except IntegrityError:
        raise StaleRules(_("Somebody else signed in the meantime. Nothing was signed; look at what is new.")) from None
    record(
        KINDS[status],
        by=by,
        subject=step,
        scheme=edition.scheme,
        edition=edition.edition,
        digest=edition.digest,
        reason=reason,
    )
    return step


@transaction.atomic
def judge_rule(
    *,
    pathway: str,
    edition: Signable,
    rule: str,
    verdict: str,
    place: str,
    by: User,
    paper_says: str = "",
    note: str = "",
) -> Judgement:
    """Keep what one person found when comparing one rule with the paper. There is no way to do several at once.

    Raises StaleRules if the rule file changed, RuleRefusal for somebody without the right, an unknown rule or
    verdict, a retired edition, no place read, and a difference without what the paper says.
    """
    if library.edition_of_digest(edition.scheme, edition.edition, edition.digest) is None:
        raise StaleRules(_("The rule file changed in the meantime. Nothing was stored; read the new text first."))
    if not can_anywhere(by, Permission.RULES_REVIEW):
        raise RuleRefusal(_("You have no right to compare rules."))
    if standing_of(edition).status == Status.RETIRED:
        raise RuleRefusal(_("This edition is retired."))
    if rule not in {each.id for each in library.citables(edition)}:
        raise RuleRefusal(_("This edition has no such rule."))
    if verdict not in Judgement.Verdict.values:
        raise RuleRefusal(_("This verdict is not known."))
    place, paper_says, note = place.strip(), paper_says.strip(), note.strip()
    if not place or len(place) > 200:
        raise RuleRefusal(_("Say in up to 200 characters which page, table or section you read."))
    if verdict == Judgement.Verdict.DIFFERS and not paper_says:
        raise RuleRefusal(_("Say what the paper says instead."))
    if len(paper_says) > 1000 or len(note) > 400:
        raise RuleRefusal(_("This text is too long."))
    judgement = Judgement.objects.create(
        pathway=pathway,
        scheme=edition.scheme,
        edition=edition.edition,
        digest=edition.digest,
        rule=rule,
        verdict=verdict,
        place=place,
        paper_says=paper_says,
        note=note,
        judged_by=by,
    )
    record(
        Kind.RULE_COMPARED,
        by=by,
        subject=judgement,
        scheme=edition.scheme,
        edition=edition.edition,
        digest=edition.digest,
        rule=rule,
        finding=verdict,
        place=place,
    )
    return judgement
