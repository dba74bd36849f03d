"""Every concrete liver that statements leave possible: six figures, from a list of lesions or without one.

A liver is a tuple (number, largest diameter, lobes, vessel involved, vessel in contact, diffuse). Lists are completed
lesion by lesion: whether each counts, how large it is, where it lies, and one further group of lesions where the list
may lack some. A diffuse liver has lesions without number in both lobes; what is invaded is touched.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import product

from .values import FLAGS, INF, NA, allowed, every

FIGURES = (
    "liver_lesion_count",
    "liver_max_diameter_mm",
    "liver_lobes",
    "liver_major_vessel_or_duct_involved",
    "liver_vessel_contact",
    "liver_diffuse",
)
COUNT, SIZE, LOBES, INVOLVED, CONTACT, DIFFUSE = range(6)
LEFT, RIGHT = {"2", "3", "4", "4a", "4b"}, {"5", "6", "7", "8"}
RELATIONS = {"clear": (False, False), "abuts": (False, True), "invades": (True, True)}
# Statements that cannot both be true, as parts: one part at a time is taken as unsaid, the other is kept.
TIES = {
    "diffuse": ((DIFFUSE,), (COUNT, LOBES)),
    "vessel": ((INVOLVED, CONTACT),),
}
RELEASES = ([*TIES["diffuse"], *TIES["vessel"]], [a + b for a in TIES["diffuse"] for b in TIES["vessel"]])


class Livers:
    """``by_natures``: one set of livers for each choice of which open lesions count. ``pairs``: livers that differ only
    in that choice. ``has_contradiction``: statements exclude one another, and both sides were kept.
    """

    def __init__(self, by_natures, pairs=frozenset(), has_contradiction=False):
        self.by_natures = frozenset(frozenset(map(rounded, own)) for own in by_natures)
        both = ((rounded(one), rounded(two)) for one, two in pairs)
        self.pairs = frozenset((one, two) for one, two in both if one != two)
        self.has_contradiction = has_contradiction


@cache
def rounded(liver):
    """The same liver with number and size replaced by one that no limit tells apart."""
    number, size = liver[COUNT], liver[SIZE]
    number = INF if number == INF else min(number, 6)
    size = 5 if size < 10 else 30 if size <= 40 else 45 if size <= 50 else 60
    return (number, size, *liver[LOBES:])


def is_diffuse_and_less(liver):
    return liver[DIFFUSE] and (liver[COUNT] != INF or liver[LOBES] != "both")


def is_invaded_untouched(liver):
    return liver[INVOLVED] and not liver[CONTACT]


def can_be(liver):
    return not is_diffuse_and_less(liver) and not is_invaded_untouched(liver)


def said(facts):
    """What is stated of the six figures, as values; a figure that does not apply counts as unsaid."""
    stated = (None if facts.get(name) == {NA: True} else facts.get(name) for name in FIGURES)
    return [tuple(dict.fromkeys(allowed(name, each))) for name, each in zip(FIGURES, stated, strict=True)]


def livers_of(facts):
    """The livers that a case leaves possible."""
    if facts.get("liver_lesions") is None:
        return _without_list(*(frozenset(values) for values in said(facts)))
    return _with_list(facts)


@lru_cache(maxsize=2000)
def _without_list(*values):
    livers, is_contradictory = settle(lambda freed: product(*without(values, freed)))
    return Livers([livers], has_contradiction=is_contradictory)


def without(values, freed):
    return [every(name) if at in freed else values[at] for at, name in enumerate(FIGURES)]


def settle(livers_without):
    """Livers that can be, taking as unsaid as little as leaves any; and whether something had to be."""
    for parts in ([()], *RELEASES):
        livers = {liver for freed in parts for liver in livers_without(freed) if can_be(liver)}
        if livers:
            return livers, parts != [()]
    raise AssertionError("some liver can always be")


# --- With a list of lesions -----------------------------------------------------------------------------------


def looks_of(lesion, sizes):
    """Concrete (size, lobes, involved, contact) of one lesion."""
    size, segments = lesion.get("diameter_mm"), set(lesion.get("segments") or ())
    if segments & LEFT and segments & RIGHT:
        lobes = ("both",)
    elif segments & LEFT or segments & RIGHT:
        lobes = ("left",) if segments & LEFT else ("right",)
    else:
        lobes = ("left", "right") if segments else ("left", "right", "both")
    relation = lesion.get("vessel_relation")
    open_relation = relation["one_of"] if isinstance(relation, dict) else RELATIONS if relation is None else (relation,)
    mm = sizes if size is None else [v for v in (*sizes, *ends(size)) if fits(size, v)]
    return {(mm_, where, *RELATIONS[how]) for mm_ in mm for where in lobes for how in open_relation}


def ends(stated):
    if not isinstance(stated, dict):
        return (stated,)
    return tuple(stated.get("one_of") or (end for end in stated.values() if end is not None))


def fits(stated, value):
    if not isinstance(stated, dict):
        return value == stated
    if "one_of" in stated:
        return value in stated["one_of"]
    low, high = stated.get("at_least"), stated.get("at_most")
    return (low is None or low <= value) and (high is None or value <= high)


def counts_of(lesion):
    """Whether a lesion is a metastasis: sure, sure not, or open."""
    nature = lesion.get("nature")
    each = nature["one_of"] if isinstance(nature, dict) else (nature,)
    found = set()
    for name in each:
        found |= {"metastasis": {True}, "benign": {False}, "second_primary": {False}}.get(name, {True, False})
    return tuple(sorted(found))


def joined(one, two):
    """The figures of two groups of lesions together; a group is None or (number, size, lobes, involved, contact)."""
    if one is None or two is None:
        return one or two
    lobes = one[2] if one[2] == two[2] else "both"
    return (one[0] + two[0], max(one[1], two[1]), lobes, one[3] or two[3], one[4] or two[4])


def grouped(lesions, sizes):
    """For each choice of natures, the groups; and the pairs of groups of the same lesions under two choices."""
    groups, pairs = {(): {None}}, {(None, None)}
    for lesion in lesions:
        looks = [(1, *look) for look in looks_of(lesion, sizes)]
        groups = {
            (*chosen, counted): {joined(group, look) if counted else group for group in own for look in looks}
            for chosen, own in groups.items()
            for counted in counts_of(lesion)
        }
        pairs = {
            (joined(one, look) if a else one, joined(two, look) if b else two)
            for one, two in pairs
            for look in looks
            for a in counts_of(lesion)
            for b in counts_of(lesion)
        }
    return groups, pairs


def further(is_complete, facts, sizes):
    """Groups of lesions that the list may lack; None for no further one."""
    if is_complete:
        return [None]
    stated = facts.get("liver_lesion_count")
    numbers = {1, 2, 3, 4, 5, INF}
    if isinstance(stated, dict) or (stated or 0) > 5:
        numbers |= {v - k for v in said(facts)[COUNT] for k in range(4) if v - k > 0}
    relations = ((False, False), (False, True), (True, True))
    lobes = ("left", "right", "both")
    return [None, *((n, d, o, *r) for n in numbers for d in sizes for o in lobes for r in relations)]


def _with_list(facts):
    """Statements that exclude one another are taken as unsaid in turn; then the list is compared with what is left."""
    values = said(facts)
    if not any(map(can_be, product(*values))):
        found = [
            _with_list({name: value for name, value in facts.items() if name not in {FIGURES[at] for at in freed}})
            for freed in RELEASES[0]
            if any(map(can_be, product(*without(values, freed))))
        ] or [
            _with_list({name: value for name, value in facts.items() if name not in {FIGURES[at] for at in freed}})
            for freed in RELEASES[1]
        ]
        every_class = [own for livers in found for own in livers.by_natures]
        return Livers(every_class, frozenset().union(*(livers.pairs for livers in found)), True)
    stated_sizes = values[SIZE] if facts.get(FIGURES[SIZE]) is not None else ()
    lesions = [lesion for lesion in facts["liver_lesions"] if counts_of(lesion) != (False,)]
    sizes = sorted({5, 30, 45, 60, *stated_sizes})
    groups, pairs = grouped(lesions, sizes)
    more = further(facts.get("liver_lesions_complete") is True, facts, sizes)
    completed = {chosen: list(livers_with(own, more)) for chosen, own in groups.items()}
    if not any(completed.values()):  # a complete list without a metastasis says nothing about the metastases
        return Livers(_without_list(*(frozenset(v) for v in values)).by_natures, has_contradiction=True)
    agreeing = [frozenset(v) for v in values]
    every_liver = [liver for own in completed.values() for liver in own]
    clash = {at for at in range(6) if not any(agrees(at, liver[at], agreeing, facts) for liver in every_liver)}

    def kept(liver):
        return all(at in clash or agrees(at, liver[at], agreeing, facts) for at in range(6))

    survivors = {chosen: [liver for liver in own if kept(liver)] for chosen, own in completed.items()}
    if not any(survivors.values()):
        clash = set(range(6))
        survivors = completed
    by_natures = [{each for liver in own for each in beside(liver, values, clash)} for own in survivors.values() if own]
    found = _pairs(pairs, more, survivors)
    found = {
        pair
        for one, two in found
        for pair in zip(beside(one, values, clash, {DIFFUSE}), beside(two, values, clash, {DIFFUSE}), strict=True)
    }
    return Livers(by_natures, found, bool(clash))


def agrees(at, value, agreeing, facts):
    stated = facts.get(FIGURES[at])
    if stated is None or stated == {NA: True}:
        return True
    return fits(stated, value) if at < LOBES else value in agreeing[at]


def livers_with(groups, more):
    """Each group with each further one; only with lesions that the list lacks can a liver be diffuse."""
    for group in groups:
        for extra in more:
            whole = joined(group, extra)
            if whole is None:
                continue
            yield (*whole, False)
            if extra is not None and whole[0] == INF and whole[2] == "both":
                yield (*whole, True)


def _pairs(pairs, more, survivors):
    """Pairs of livers that show the same lesions under two choices of natures, both of them left possible."""
    left = {liver for own in survivors.values() for liver in own}
    found = set()
    for one, two in pairs:
        if one == two:
            continue
        for extra in more:
            a, b = joined(one, extra), joined(two, extra)
            if a is None or b is None:
                continue
            for diffuse in FLAGS if extra is not None else (False,):
                if (*a, diffuse) in left and (*b, diffuse) in left:
                    found.add(((*a, diffuse), (*b, diffuse)))
    return found


def beside(liver, values, clash, but=frozenset()):
    """A figure that excludes the list is kept as possible beside it: both what the list shows and what was stated."""
    sides = [(liver[at], *values[at]) if at in clash and at not in but else (liver[at],) for at in range(6)]
    return [each for each in product(*sides) if not is_tied_otherwise(each, clash)]


def is_tied_otherwise(liver, clash):
    """Whether a liver breaks a tie among figures of which none contradicts the list."""
    is_few = liver[DIFFUSE] and liver[COUNT] != INF and not clash & {DIFFUSE, COUNT}
    is_one_lobe = liver[DIFFUSE] and liver[LOBES] != "both" and not clash & {DIFFUSE, LOBES}
    return is_few or is_one_lobe or (is_invaded_untouched(liver) and not clash & {INVOLVED, CONTACT})
