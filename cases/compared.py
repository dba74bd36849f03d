"""Rules of an answer that somebody compared with the paper: who and when, for exactly the text that gave the answer."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mdt.people.templatetags.looks import day
from mdt.rulebook.library import GATE
from mdt.rulebook.models import Judgement
from mdt.rulebook.standing import verified_rules

Compared = Mapping[tuple[str, str], Judgement]


def with_comparisons(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of a proposal; citations of rules found as in the paper say so in words, under `compared`."""
    systems, parts = answer.get("systems") or {}, answer.get("options_rules") or ()
    digests = {each["digest"] for each in (*systems.values(), *parts) if each.get("digest")}
    compared = verified_rules(digests)
    if not compared:
        return dict(answer)
    return {
        **answer,
        "systems": {
            name: {**system, "because": _marked(system.get("because"), [system.get("digest")], compared)}
            for name, system in systems.items()
        },
        "options": [
            _option(option, [each["digest"] for each in parts], compared) for option in answer.get("options") or ()
        ],
    }


def marked_because(reasons: Any, digest: str) -> list[dict[str, Any]]:
    """The same for the rules of one text alone."""
    return _marked(reasons, [digest], verified_rules([digest]))


def _option(option: Mapping[str, Any], digests: list[str], compared: Compared) -> dict[str, Any]:
    return {
        **option,
        "for": _marked(option.get("for"), digests, compared),
        "against": _marked(option.get("against"), digests, compared),
        "gates": _marked(option.get("gates"), digests, compared, GATE),
    }


def _marked(reasons: Any, digests: list[str], compared: Compared, prefix: str = "") -> list[dict[str, Any]]:
    marked = []
    for reason in reasons or ():
        rows = (compared.get((digest, f"{prefix}{reason.get('rule')}")) for digest in digests)
        row = next(filter(None, rows), None)
        if row is not None and reason.get("citation"):
            words = _("as in the paper, %(who)s, %(when)s")
            said = words % {"who": row.judged_by.display_name, "when": day(row.judged_at)}
            reason = {**reason, "label": "", "citation": {**reason["citation"], "compared": said, "label": ""}}
        marked.append(reason)
    return marked
