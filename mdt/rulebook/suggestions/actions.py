"""Every write of suggestions about rules. They belong to the installation; the line of the log is the team's, if there
is one."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, can_anywhere
from mdt.rulebook.actions import RuleRefusal
from mdt.rulebook.models import Suggestion, SuggestionAnswer

LONGEST = 1000


def _words(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise RuleRefusal(_("Say it in up to %(limit)d characters.") % {"limit": LONGEST})
    return text


@transaction.atomic
def suggest(
    *,
    by: User,
    pathway: str,
    scheme: str,
    edition: str,
    kind: str,
    key: str,
    title: dict[str, str],
    count: int,
    total: int,
    first_on: date,
    last_on: date,
    team: Team | None,
    evidence: str,
    text: str,
) -> Suggestion:
    """Put a suggestion before the editors. The same cluster while a suggestion about it is open is refused.

    Raises RuleRefusal for that, and for missing or too many words.
    """
    text = _words(text)
    same = Suggestion.objects.filter(pathway=pathway, scheme=scheme, kind=kind, key=key, team=team)
    if any(state_of(each) == SuggestionAnswer.State.OPEN for each in same.prefetch_related("answers")):
        raise RuleRefusal(_("A suggestion about this is open already."))
    found = Suggestion.objects.create(
        pathway=pathway,
        scheme=scheme,
        edition=edition,
        kind=kind,
        key=key,
        title=title,
        count=count,
        total=total,
        first_on=first_on,
        last_on=last_on,
        team=team,
        evidence=evidence,
        text=text,
        suggested_by=by,
    )
    record(Kind.RULE_SUGGESTED, by=by, team=team, subject=found, scheme=scheme, about=str(found), text=text)
    return found


def state_of(suggestion: Suggestion) -> str:
    """The state that the newest answer gave. Reads the prefetched answers where there are any."""
    newest = max(suggestion.answers.all(), key=lambda answer: answer.pk, default=None)
    return newest.state if newest else SuggestionAnswer.State.OPEN


@transaction.atomic
def answer(*, suggestion: Suggestion, state: str, text: str, by: User, version: int | None = None) -> SuggestionAnswer:
    """Take a suggestion up, decline it, or open it again, with the reason.

    Raises RuleRefusal for somebody without the right, an unknown state, the state that it has, missing words, and where
    somebody answered since the answer `version` was shown (0: there was none; None: not asked).
    """
    if not can_anywhere(by, Permission.RULES_REVIEW):
        raise RuleRefusal(_("You have no right to answer suggestions."))
    suggestion = Suggestion.objects.select_for_update(of=("self",)).select_related("team").get(pk=suggestion.pk)
    if state not in SuggestionAnswer.State.values or state == state_of(suggestion):
        raise RuleRefusal(_("This answer changes nothing, or somebody else answered meanwhile."))
    newest = suggestion.answers.select_related("answered_by").order_by("-pk").first()
    if version is not None and newest is not None and newest.pk > version:
        raise RuleRefusal(
            _("%(person)s answered this suggestion in the meantime. Nothing was stored; read that answer first.")
            % {"person": newest.answered_by}
        )
    found = SuggestionAnswer.objects.create(suggestion=suggestion, state=state, text=_words(text), answered_by=by)
    record(
        Kind.SUGGESTION_ANSWERED,
        by=by,
        team=suggestion.team,
        subject=found,
        scheme=suggestion.scheme,
        about=str(suggestion),
        state=state,
        text=found.text,
    )
    return found
