"""`GET /metrics/`: figures for Prometheus. Only where MDT_METRICS_TOKEN is set, only with that token, of no patient.

Requests are counted by each process; with PROMETHEUS_MULTIPROC_DIR, which `manage.py up` sets, they are added up.
"""

import hmac
import os
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from mdt import disks
from mdt.duties.models import Duty
from mdt.events.kinds import Kind
from mdt.events.models import ChainHead, Checkpoint, Event
from mdt.mail.models import Delivery

OF_PROCESS = CollectorRegistry()
REQUESTS = Counter("mdt_http_requests", "Requests answered.", ["view", "method", "status"], registry=OF_PROCESS)
SECONDS = Histogram("mdt_http_request_seconds", "Time to answer.", ["view"], registry=OF_PROCESS)
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}


def count_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: counts answers by the name of the page, never by its address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = getattr(request, "resolver_match", None)
        view = match.view_name if match and match.view_name else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, str(response.status_code)).inc()
        SECONDS.labels(view).observe(time.perf_counter() - began)
        return response

    return middleware


class OfDatabase:
    """What the tables say at this moment: duties, mail, the log, its last check, signed end and backup."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        duties = GaugeMetricFamily("mdt_duties", "Duties by kind and state.", labels=["kind", "state"])
        for kind, state, count in (
            Duty.objects.order_by("kind", "state").values_list("kind", "state").annotate(Count("pk"))
        ):
            duties.add_metric([kind, state], count)
        yield duties
        due = Duty.objects.filter(state=Duty.State.WAITING, due_at__lte=now).aggregate(Min("due_at"))["due_at__min"]
        late = (now - due).total_seconds() if due else 0
        yield GaugeMetricFamily("mdt_duties_late_seconds", "How long the oldest due duty has been due.", value=late)
        mail = GaugeMetricFamily("mdt_mail", "E-mails by state.", labels=["state"])
        for state, count in Delivery.objects.order_by("state").values_list("state").annotate(Count("pk")):
            mail.add_metric([state], count)
        yield mail
        head = ChainHead.objects.filter(pk=1).first()
        yield GaugeMetricFamily("mdt_log_lines", "Lines of the event log.", value=head.number if head else 0)
        room = GaugeMetricFamily("mdt_disk_free_bytes", "What can still be written; 0: read-only.", labels=["folder"])
        for name, folder in disks.folders().items():
            room.add_metric([name], disks.free_bytes(folder))
        yield room
        yield from self._ages(now)

    def _ages(self, now) -> Iterator[GaugeMetricFamily]:
        backup = Event.objects.filter(kind=Kind.BACKUP_MADE).order_by("-number").first()
        if backup is None and settings.BACKUP_KEY:  # none ever: as old as the log, so that the alarm comes all the same
            backup = Event.objects.order_by("number").first()
        check = Event.objects.filter(kind=Kind.EVENTS_VERIFIED).order_by("-number").first()
        signed = Checkpoint.objects.first()
        for name, row in (("backup", backup), ("log_check", check), ("checkpoint", signed)):
            if row is not None:
                age = (now - row.at).total_seconds()
                yield GaugeMetricFamily(f"mdt_{name}_age_seconds", f"Since the last {name}.", value=age)
        if settings.BACKUP_KEY:
            failed = Duty.objects.open().filter(kind="make-backup").exclude(last_error="").aggregate(Max("attempts"))
            tries = failed["attempts__max"] or 0
            yield GaugeMetricFamily("mdt_backup_failures", "Tries in vain since the last backup.", value=tries)
        if check is not None:
            faults = len(check.data.get("faults", [])) + (check.data.get("broken_at") is not None)
            yield GaugeMetricFamily("mdt_log_check_faults", "What the last check found.", value=faults)


def is_allowed(request: HttpRequest) -> bool:
    """Whether the request brings the token, compared in constant time."""
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(said.encode(), settings.METRICS_TOKEN.encode())


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures in Prometheus' text form; 401 without the token."""
    if not is_allowed(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(OfDatabase())
    text = generate_latest(registry)
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        together = CollectorRegistry()
        MultiProcessCollector(together)
        text += generate_latest(together)
    else:
        text += generate_latest(OF_PROCESS)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
