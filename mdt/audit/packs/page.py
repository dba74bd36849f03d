"""What the pages of audit packs show."""

from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from mdt.audit.jobs.page import is_given_up
from mdt.audit.packs.building import SUMS
from mdt.audit.packs.models import AuditPack
from mdt.duties.models import Duty
from mdt.people.models import User
from mdt.people.permissions import Permission, teams_with

IN_MEMORY = 8 * 1024 * 1024


def teams_of(user: User) -> list[int]:
    """Ids of the teams of whose decisions this person may make packs."""
    return teams_with(user, Permission.PACK_MAKE)


def packs_of(teams: list[int]) -> list[AuditPack]:
    """The newest packs of these teams."""
    return list(AuditPack.objects.filter(team__in=teams).select_related("team", "asked_by", "item__case")[:50])


def trouble_of(pack: AuditPack, duty: Duty | None) -> str:
    """Why a pack does not go on, in words; "" if nothing is wrong."""
    if pack.error:
        return _("A paper could not be printed. Tell whoever runs the system; nothing was changed.")
    if is_given_up(duty):
        return _("This was given up after several attempts. Ask for it again, and tell whoever runs the system.")
    return ""


def zip_of(pack: AuditPack) -> IO[bytes]:
    """The files as a ZIP, one at a time; the same pack gives the same bytes."""
    target = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the response that sends it
    at = timezone.localtime(pack.asked_at).timetuple()[:6]
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        names = sorted(pack.files.values_list("name", flat=True), key=lambda name: (name != SUMS, name))
        for name in names:
            content = pack.files.values_list("content", flat=True).get(name=name)
            info = ZipInfo(f"{pack.filename}/{name}", at)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, bytes(content))
    target.seek(0)
    return target
