"""Why an order to the worker does not move, in words: given up, quiet for a while, or no worker at all."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mdt.audit.jobs.models import Job
from mdt.duties.models import Duty
from mdt.duties.registry import stale_after, subject_of
from mdt.people.templatetags.looks import day

WORKER_LOOKS_EVERY = timedelta(seconds=30)
"""How often beat has the worker look for what is due."""


def duty_of(job: Job) -> Duty | None:
    """What the worker still owes to an open order, or gave up."""
    if not job.is_open:
        return None
    return Duty.objects.filter(kind=job.DUTY, subject=subject_of(job)).order_by("-pk").first()


def is_given_up(duty: Duty | None) -> bool:
    return duty is not None and duty.state == Duty.State.FAILED


def silence_of(job: Job, duty: Duty | None) -> str:
    """That nothing has moved for a while though nothing is lost, since when, and how it goes on; "" if it moves."""
    now = timezone.now()
    if duty is None or is_given_up(duty):
        return ""
    if duty.state == Duty.State.CLAIMED and duty.claimed_at < now - job.QUIET_AFTER:
        comes_back = duty.claimed_at + stale_after(job.DUTY) + WORKER_LOOKS_EVERY
        if now < comes_back:
            return _("No sign of life since %(since)s. It goes on by itself, by %(until)s at the latest.") % {
                "since": _clock(duty.claimed_at),
                "until": _clock(comes_back, is_rounded_up=True),
            }
        return _no_worker(duty.claimed_at)
    if duty.state == Duty.State.WAITING and duty.last_error and duty.due_at > now:
        return _("An attempt failed. The next one follows by itself at %(at)s.") % {
            "at": _clock(duty.due_at, is_rounded_up=True)
        }
    if duty.state == Duty.State.WAITING and duty.due_at < now - WORKER_LOOKS_EVERY - job.QUIET_AFTER:
        return _no_worker(duty.due_at)
    return ""


def _no_worker(since: datetime) -> str:
    return _(
        "What works in the background is busy or has stopped: no sign of life since %(since)s. It goes on by itself."
    ) % {"since": _clock(since)}


def _clock(at: datetime, *, is_rounded_up: bool = False) -> str:
    """Hours and minutes; with the day where it is not today."""
    at = timezone.localtime(at + timedelta(seconds=59) if is_rounded_up else at)
    return date_format(at, "H:i") if at.date() == timezone.localdate() else day(at, "time")
