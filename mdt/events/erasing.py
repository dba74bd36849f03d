"""What an erasure does to the log: which lines it touches, and what is left of them.

A line keeps its number, time, person, kind and digest, so that the chain and every signed end of it still hold. Its
details go, and from the rows that it names those that were erased. The order's own line names every such line with
the SHA-256 of what is left: so an erased line is told from a tampered one (mdt.events.verification).
"""

from collections.abc import Collection, Iterator, Mapping

from django.db.models import Q

from mdt.events import rows
from mdt.events.append_only import AppendOnly
from mdt.events.chain import digest_of
from mdt.events.models import Event
from mdt.events.rows import Named

ERASED = "erased_by_order"
"""What stands in the details of a line in place of what was erased: the number of the order."""

Keys = Mapping[str, Collection[str]]
"""Label of the model → primary keys as text."""


def content_digest(event: Event) -> str:
    """SHA-256 of a line as it stands now; of one that nobody touched, its own digest."""
    return digest_of(
        number=event.number,
        at=event.at,
        by=event.by_id,
        team=event.team_id,
        case_reference=event.case_reference,
        kind=event.kind,
        subject=event.subject,
        data=event.data,
        previous=event.previous_digest,
        rows=event.rows,
    )


def lines_naming(keys: Keys, references: Collection[str], *, after: int = 0, until: int | None = None) -> list[int]:
    """Numbers of the lines of these cases, and of others that name one of the rows; reads all lines in between."""
    found = Event.objects.filter(number__gt=after).filter(Q(case_reference__in=references) | Q(rows__isnull=False))
    found = found if until is None else found.filter(number__lte=until)
    lines = found.order_by("number").values_list("number", "case_reference", "rows")
    return [
        number
        for number, reference, named in lines.iterator(chunk_size=2000)
        if reference in references or _names_any(named, keys)
    ]


def _names_any(named: Named | None, keys: Keys) -> bool:
    return any(
        not known.isdisjoint(own) for name, own in (named or {}).items() if (known := set(keys.get(_label(name), ())))
    )


def _label(name: str) -> str:
    return name.partition("@")[0]


def left_of(event: Event, keys: Keys, references: Collection[str], order: int) -> tuple[dict, Named | None]:
    """Details and named rows of a line after the erasure."""
    data = {ERASED: order} if event.case_reference in references else event.data
    left = {
        name: {key: digest for key, digest in own.items() if key not in keys.get(_label(name), ())}
        for name, own in (event.rows or {}).items()
    }
    return data, {name: own for name, own in left.items() if own} or None


def named_after(gone: Keys, changed: Keys) -> Named:
    """What the order's line says of rows: those that are gone, and those that were changed as they are now."""
    said: Named = {}
    for label, keys in gone.items():
        columns = rows.columns_of(rows.named_models()[label]) if label in rows.named_models() else ()
        if columns and keys:
            said[f"{label}@{rows.shape_of(columns)}"] = dict.fromkeys(sorted(keys), rows.REMOVED)
    for label, key, digest in _digests_now(changed):
        columns = rows.columns_of(rows.named_models()[label])
        said.setdefault(f"{label}@{rows.shape_of(columns)}", {})[key] = digest
    return said


def _digests_now(changed: Keys) -> Iterator[tuple[str, str, str]]:
    for label, keys in changed.items():
        if label in rows.named_models():
            columns = rows.columns_of(rows.named_models()[label])
            yield from ((label, key, digest) for key, digest in rows.digests(label, columns, keys))


def is_append_only(label: str) -> bool:
    model = rows.named_models().get(label)
    return model is not None and issubclass(model, AppendOnly)
