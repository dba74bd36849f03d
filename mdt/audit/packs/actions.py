"""Every write of an audit pack: asked for, put together part by part, taken away, deleted."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import typst
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import ActionError
from mdt.audit.packs import building
from mdt.audit.packs.models import AuditPack, PackFile
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.models import AgendaItem
from mdt.people.models import Team, User

ITEMS = 5
"""Decisions put together in one round: a second or two, so that other duties come in between."""
KEPT = timedelta(days=7)
"""House rule: so long may the files be fetched; they name patients, and can be made anew."""
PAPER_FAILED = "paper-failed"
"""Kept as the error of a pack whose paper could not be printed; pages say it in words."""


@transaction.atomic
def ask_pack(
    *, team: Team, by: User, language: str, first_on: date, last_on: date, item: AgendaItem | None = None
) -> AuditPack:
    """Put down a pack for the worker: one agenda item, or every decision of the meetings of a period.

    Raises ActionError where there is no decision.
    """
    pack = AuditPack(team=team, asked_by=by, language=language, first_on=first_on, last_on=last_on, item=item)
    pack.total = building.items_of(pack).count()
    if not pack.total:
        raise ActionError(_("No decision in this period."))
    pack.save()
    _log(Kind.PACK_ASKED, pack, by, first_on=first_on, last_on=last_on, decisions=pack.total)
    owe(kind="audit-pack", subject=subject_of(pack))
    return pack


def _log(kind: Kind, pack: AuditPack, by: User | None, **data) -> None:
    case = pack.item.case if pack.item_id else None
    record(kind, by=by, team=pack.team, case=case, subject=pack, pack=pack.pk, **data)


def next_part(*, pack_id: int) -> Callable[[], None] | None:
    """Put the next decisions together, outside any transaction. Returns what keeps them, and owes the next round."""
    pack = AuditPack.objects.select_related("team", "asked_by", "item__case").get(pk=pack_id)
    if not pack.is_open:
        return None
    items = building.items_of(pack).filter(pk__gt=pack.cursor).select_related("case__patient", "case__team", "meeting")
    try:
        files: building.Files = {}
        taken = list(items[:ITEMS])
        for item in taken:
            files |= building.files_of(pack, item)
        if not taken:
            return partial(finish, pack_id=pack_id, files=building.closing_files(pack))
    except typst.TypstError:
        return partial(_fail, pack_id=pack_id)
    return partial(keep_part, pack_id=pack_id, files=files, cursor=taken[-1].pk, number=len(taken))


def make_at_once(*, pack: AuditPack) -> None:
    """All parts of a small pack now, for somebody who waits for it; the worker finds nothing left to do."""
    while note := next_part(pack_id=pack.pk):
        note()
    pack.refresh_from_db()


@transaction.atomic
def keep_part(*, pack_id: int, files: building.Files, cursor: int, number: int) -> None:
    """Keep the files of some decisions together with how far the pack has come."""
    pack = AuditPack.objects.select_for_update().get(pk=pack_id)
    if not pack.is_open or pack.cursor >= cursor:
        return
    _keep(pack, files)
    pack.state, pack.cursor, pack.done = AuditPack.State.RUNNING, cursor, pack.done + number
    pack.total = max(pack.total, pack.done)
    pack.save()
    owe(kind="audit-pack", subject=subject_of(pack))


def _keep(pack: AuditPack, files: building.Files) -> None:
    for name, content in files.items():
        PackFile.objects.update_or_create(
            pack=pack, name=name, defaults={"content": content, "digest": building.sha(content)}
        )


@transaction.atomic
def finish(*, pack_id: int, files: building.Files) -> None:
    """Add what is said about the whole pack, and the list of its files, whose digest goes into the log."""
    pack = AuditPack.objects.select_for_update(of=("self",)).select_related("team", "item__case").get(pk=pack_id)
    if not pack.is_open:
        return
    _keep(pack, files)
    sums = building.sums_of(pack)
    _keep(pack, {building.SUMS: sums})
    pack.state, pack.digest, pack.ended_at = AuditPack.State.DONE, building.sha(sums), timezone.now()
    pack.save()
    _log(Kind.PACK_MADE, pack, None, decisions=pack.done, digest=pack.digest)
    owe(kind="delete-pack", subject=subject_of(pack), due_at=timezone.now() + KEPT)


@transaction.atomic
def _fail(*, pack_id: int) -> None:
    pack = AuditPack.objects.select_for_update().get(pk=pack_id)
    pack.state, pack.error, pack.ended_at = AuditPack.State.FAILED, PAPER_FAILED, timezone.now()
    pack.save()


@transaction.atomic
def cancel_pack(*, pack: AuditPack, by: User) -> None:
    """Stop a pack and delete what was put together. Raises ActionError if it has ended."""
    pack = _locked(pack)
    if not pack.is_open:
        raise ActionError(_("This pack has ended."))
    pack.files.all().delete()
    pack.state, pack.ended_at = AuditPack.State.CANCELLED, timezone.now()
    pack.save()
    _log(Kind.PACK_CANCELLED, pack, by, decisions=pack.done)


@transaction.atomic
def delete_pack(*, pack: AuditPack, by: User | None) -> None:
    """Delete the files of a pack; the row stays, with the digest. Nothing if they are gone. `by` None: the system."""
    pack = _locked(pack)
    if pack.state == AuditPack.State.DONE:
        pack.files.all().delete()
        pack.state = AuditPack.State.DELETED
        pack.save()
        _log(Kind.PACK_DELETED, pack, by)


@transaction.atomic
def open_pack(*, pack: AuditPack, by: User) -> None:
    """Log that a person took a pack away: it names every case in it."""
    cases = building.items_of(pack).order_by("case__reference").values_list("case__reference", flat=True)
    _log(Kind.PACK_OPENED, pack, by, digest=pack.digest, cases=list(dict.fromkeys(cases)))


def _locked(pack: AuditPack) -> AuditPack:
    return AuditPack.objects.select_for_update(of=("self",)).select_related("team", "item__case").get(pk=pack.pk)
