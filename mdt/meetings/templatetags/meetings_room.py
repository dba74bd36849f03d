"""The live room: what all read alike, and the seats with the controls that this reader has."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mdt.meetings.attendance import Seat
from mdt.meetings.room import alike as parts
from mdt.meetings.room.shared import Shared
from mdt.people import alike
from mdt.people.permissions import Permission, can
from mdt.people.templatetags.looks import discipline_label

register = template.Library()


@register.simple_tag
def room_rail(shared: Shared, is_alone: object) -> SafeString:
    return parts.rail_of(shared, is_alone=bool(is_alone))


@register.simple_tag
def room_present(shared: Shared) -> SafeString:
    return parts.present_of(shared)


@register.simple_tag(takes_context=True)
def room_conditions(context: Context, shared: Shared) -> SafeString:
    may = can(context["request"].user, Permission.DECISION_RECORD, shared.case.team_id)
    return parts.before_of(shared, may_answer=may and shared.case.is_open)


@register.simple_tag
def room_since(shared: Shared) -> SafeString:
    return parts.since_of(shared)


@register.simple_tag
def room_case(shared: Shared) -> SafeString:
    return parts.case_of(shared)


@register.simple_tag(takes_context=True)
def seat_lines(context: Context, seats: Sequence[Seat]) -> SafeString:
    """Each person of the team: with the controls of whom this reader may mark, else as everybody sees them."""
    may, user, shared = context["may"], context["request"].user, context.get("shared")
    marks = [seat for seat in seats if may["mark"] or (may["mark_own"] and seat.person == user)]
    marked = {seat.person.pk for seat in marks}
    if shared is not None:
        lines = list(parts.seats_shown(shared)) if len(marked) < len(seats) else [SafeString()] * len(seats)
    else:
        lines = [
            SafeString() if seat.person.pk in marked else alike.rendered("meetings/_seat_shown.html", _as_shown(seat))
            for seat in seats
        ]
    deputies = _deputies(seats) if marks else []
    spoken_for = _spoken_for(context.get("not_in_team") or ())
    form = get_template("meetings/_seat.html").template
    for place, seat in enumerate(seats):
        if seat.person.pk in marked:
            controls = _controls(seat, deputies, spoken_for, is_own=seat.person == user)
            with context.push(seat=seat, controls=controls):
                lines[place] = form.render(context)
    return SafeString("".join(lines))


def _as_shown(seat: Seat) -> dict[str, Any]:
    return {"seat": seat.as_shown}


def _deputies(seats: Iterable[Seat]) -> list[tuple[int, bool, SafeString]]:
    """For whom somebody may stand in: the person, whether they are present, and the words of the choice."""
    return [
        (
            seat.person.pk,
            seat.is_present,
            format_html("{}", _("in place of %(member)s") % {"member": seat.person.display_name}),
        )
        for seat in seats
        if seat.person.discipline
    ]


def _spoken_for(codes: Iterable[str]) -> list[tuple[str, SafeString]]:
    """Disciplines that nobody of the team has, for which a member may speak."""
    said = ((code, _("speaks for %(discipline)s") % {"discipline": discipline_label(code)}) for code in codes)
    return [(code, format_html("{}", words)) for code, words in said]


def _controls(
    seat: Seat, deputies: list[tuple[int, bool, SafeString]], spoken_for: list[tuple[str, SafeString]], *, is_own: bool
) -> SafeString:
    """Line and controls of one person, rendered once for all who may mark them and find them as they are."""
    own, stood_for = seat.person.pk, seat.stands_in_for.pk if seat.stands_in_for else None
    choices = [
        f'<option value="{pk}"{" selected" if pk == stood_for else ""}>{words}</option>'
        for pk, is_present, words in deputies
        if pk != own and (not is_present or pk == stood_for)
    ]
    speaks = seat.discipline if seat.person.discipline != seat.discipline else None
    choices += [
        f'<option value="{code}"{" selected" if code == speaks else ""}>{words}</option>' for code, words in spoken_for
    ]
    content = {
        "seat": seat.as_shown,
        "number": str(own),
        "choices": SafeString("".join(choices)),
        "is_own": is_own,
    }
    return alike.rendered("meetings/_seat_controls.html", content)
