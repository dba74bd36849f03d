"""What the first paper of a pack says, as plain data, in the pack's language: what is inside, and how to check it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from mdt.audit.packs.models import AuditPack
from mdt.meetings.documents.decision_parts import labelled
from mdt.meetings.documents.typesetting import printable_data
from mdt.meetings.documents.wording import date_parts, short_digest, type_words
from mdt.meetings.models import Decision
from mdt.people.templatetags.looks import day


def cover_data(pack: AuditPack, decisions: Iterable[dict[str, Any]], log_ends: dict[str, Any]) -> dict[str, Any]:
    """Everything that the paper prints. `decisions`: the JSON of each decision in the pack."""
    with override(pack.language):
        rows = [_row(each) for each in decisions]
        return printable_data({**_frame(pack), **_body(pack, rows, log_ends)})


def _frame(pack: AuditPack) -> dict[str, Any]:
    title = _("Audit pack")
    period = day(pack.first_on)
    if pack.last_on != pack.first_on:
        period = _("%(first)s to %(last)s") % {"first": day(pack.first_on), "last": day(pack.last_on)}
    return {
        "lang": pack.language.partition("-")[0],
        "title": f"{title} · {pack.filename}",
        "author": pack.team.hospital,
        "date": date_parts(pack.asked_at),
        "draft": "",
        "notices": [_("This pack names patients. Hand it only to somebody who may read their records.")],
        "head": {
            "title": title,
            "subtitle": _("Decisions of meetings, %(period)s") % {"period": period},
            "sender": [pack.team.hospital, pack.team.name],
        },
        "identity": [
            [_("Pack asked for by"), pack.asked_by.display_name, _("On"), day(pack.asked_at, "time")],
            [_("Decisions"), str(pack.done), _("Name of the pack"), pack.filename],
        ],
        "running": {
            "head": title,
            "side": pack.filename,
            "foot": pack.team.hospital,
            "pages": _("page {page} of {pages}"),
        },
    }


def _body(pack: AuditPack, rows: list[list[str]], log_ends: dict[str, Any]) -> dict[str, Any]:
    return {
        "decisions": {
            "label": _("Decisions in this pack"),
            "head": [_("Case"), _("Meeting"), _("Decided"), _("Version"), _("Signed"), _("Digest of the signature")],
            "rows": rows,
            "none": _("No decision in this period."),
        },
        "check": {"label": _("How to check it"), "lines": _checks(log_ends)},
        "end": [_("A proposal by rules supports, and does not replace, the decision of the meeting.")],
    }


def _checks(log_ends: dict[str, Any]) -> list[dict[str, str]]:
    ends = _("When the pack was made, the event log of the installation ended at line %(number)d, digest %(digest)s.")
    return [
        labelled(
            _("Files:"),
            _(
                "SHA256SUMS lists the SHA-256 of every file. Its own digest was shown when the pack was made and "
                "stands in the event log."
            ),
        ),
        labelled(
            _("Script:"),
            _(
                "verify.py needs Python and nothing else: it compares every file, recomputes every line of the log and "
                "every signature, and names what does not fit."
            ),
        ),
        labelled(_("End of the log:"), ends % log_ends),
        labelled(
            _("Not proven:"),
            _(
                "Lines of other cases lie between those of one case and are not in the pack. That nothing there was "
                "changed can be checked only where the whole log is."
            ),
        ),
    ]


def _row(each: dict[str, Any]) -> list[str]:
    newest, case = each["versions"][-1]["columns"], each["case"]
    signature = each["versions"][-1]["sign_off"] and each["versions"][-1]["sign_off"]["columns"]
    if newest["verdict"] == Decision.Verdict.DEFERRED:
        decided = str(Decision.Verdict.DEFERRED.label)
    else:
        decided = type_words(newest["category"], case["pathway"])
    held = day(datetime.fromisoformat(each["meeting"]["starts_at"]))
    return [
        case["reference"],
        _("%(meeting)s, %(day)s") % {"meeting": each["meeting"]["reference"], "day": held},
        decided,
        str(newest["version"]),
        day(datetime.fromisoformat(signature["signed_at"])) if signature else _("not signed"),
        short_digest(signature["digest"]) if signature else "",
    ]
