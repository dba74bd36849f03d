"""A table of the audit as a file; each time is logged, with its filters."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mdt.audit import actions
from mdt.audit.exports import about
from mdt.audit.exports.csv_file import csv_text
from mdt.audit.exports.xlsx_file import xlsx_bytes
from mdt.audit.figures import case_list
from mdt.audit.figures.views import scope_or_403
from mdt.audit.registry import FIGURES
from mdt.audit.rows.actions import keep_up
from mdt.audit.scope import Scope
from mdt.people.models import Team

ALL = "all"
BUILDS = {**{figure.key: figure.build for figure in FIGURES}, case_list.KEY: case_list.table_of}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """`table` as `form` (csv, xlsx), or `all` of them as XLSX, under the filters of the address.

    The list of cases is one more table; it alone follows what only a list can be asked for.
    """
    table, form = request.GET.get("table", ALL), request.GET.get("form", "xlsx")
    asked = scope_or_403(request)
    scope = asked if table == case_list.KEY else asked.of_figures()
    if form not in ("csv", "xlsx") or not (table in BUILDS or (table == ALL and form == "xlsx")):
        raise Http404
    keep_up()
    actions.export_table(
        key=table, by=request.user, teams=Team.objects.filter(pk__in=scope.teams), filters=scope.query_string()
    )
    found = [figure.build(scope) for figure in FIGURES] if table == ALL else [BUILDS[table](scope)]
    lines = [about(one, scope.in_words(), timezone.localtime()) for one in found]
    if form == "csv":
        answer = HttpResponse(csv_text(found[0], lines[0]), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(xlsx_bytes(zip(found, lines, strict=True)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{_name(table, scope)}.{form}"'
    return answer


def _name(table: str, scope: Scope) -> str:
    return f"audit-{table}-{scope.first_on:%Y%m%d}-{scope.last_on:%Y%m%d}"
