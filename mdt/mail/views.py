"""Pages of one's own messages, and of what could not be sent."""

from io import BytesIO

from django.conf import settings
from django.contrib import messages as told
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mdt.mail.actions import delivery as deliveries
from mdt.mail.actions import mailbox as actions
from mdt.mail.attachments import refuse_guarded
from mdt.mail.forms import KindsForm
from mdt.mail.kinds import MUTABLE
from mdt.mail.mailbox import page_of, that_may_leave, unsent_for
from mdt.mail.models import Enclosure, Entry, Message, Muted
from mdt.people.permissions import Permission, can_anywhere, require
from mdt.sent import sent_in


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else None


def _looks_after_mail(request: HttpRequest) -> bool:
    return can_anywhere(request.user, Permission.MAIL_MANAGE) or request.user.is_superuser


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """One's own messages, newest first."""
    page = page_of(request.user, _number(request.GET.get("before")))
    context = {
        "page": page,
        "leaves": bool(settings.SMTP),
        "unsent": unsent_for(request.user).count() if _looks_after_mail(request) else None,
    }
    return render(request, "mail/mailbox.html", context)


@require_safe
def message(request: HttpRequest, message: int) -> HttpResponse:
    """One message of one's own. Reading it takes its mark off."""
    entries = Entry.objects.select_related("message__by", "message__team", "message__delivery")
    entry = get_object_or_404(entries, person=request.user, message__in=Message.objects.filter(pk=message))
    actions.open_entry(entry=entry)
    files = entry.message.enclosures.defer("content")
    return render(request, "mail/message.html", {"entry": entry, "mail": entry.message, "files": files})


@require_safe
def file_of_message(request: HttpRequest, message: int, file: int) -> FileResponse:
    """A file that came with a message of one's own; a clinical one only while one may see the team's cases."""
    files = Enclosure.objects.select_related("message__team")
    own = Message.objects.filter(pk=message, entry__person=request.user)
    found = get_object_or_404(files, pk=file, message__in=own)
    if found.is_clinical:
        require(request.user, Permission.CASE_VIEW, found.message.team)
        refuse_guarded(request.user, found.message)
    actions.open_file(file=found, by=request.user)
    content = BytesIO(found.content)
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=found.media_type)


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    actions.open_all(person=request.user)
    return redirect("mail")


@require_http_methods(["GET", "POST"])
def choose_kinds(request: HttpRequest) -> HttpResponse:
    """Which kinds of messages get a mark and an e-mail."""
    muted = set(Muted.objects.filter(person=request.user).values_list("kind", flat=True))
    form = KindsForm(sent_in(request), initial={"kinds": [kind for kind in MUTABLE if kind not in muted]})
    if form.is_valid():
        actions.choose_kinds(person=request.user, wanted=form.cleaned_data["kinds"])
        told.success(request, _("Saved."))
        return redirect("mail-kinds")
    return render(request, "mail/kinds.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def unsent(request: HttpRequest) -> HttpResponse:
    """What could not be sent by e-mail, with the reason; its text is its reader's."""
    if not _looks_after_mail(request):
        raise PermissionDenied
    deliveries = unsent_for(request.user)[:200]
    context = {"deliveries": deliveries, "may_leave": that_may_leave(deliveries), "leaves": bool(settings.SMTP)}
    return render(request, "mail/unsent.html", context)


@require_POST
def try_again(request: HttpRequest, message: int) -> HttpResponse:
    """Have a message sent once more, or one that was held back and may leave by now."""
    delivery = get_object_or_404(unsent_for(request.user), message__in=Message.objects.filter(pk=message))
    deliveries.try_again(delivery=delivery, by=request.user)
    told.success(request, _("It is being sent; this page says how it went."))
    return redirect("mail-unsent")
