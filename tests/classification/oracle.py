"""The consensus type by brute force: concrete completions of what is not stated, typed by hand-written code.

Written from the reference table alone. It shares no code with the engine and is free to be slow.
"""

from __future__ import annotations

from itertools import product

INF = float("inf")
COUNTS = (1, 2, 3, 4, 5, 9, INF)
SIZES = (20, 40, 40.4, 60)
LOBES = ("left", "right", "both")
FLAGS = (False, True)
T_VALUES = ("T2", "T4a", "T4b")
NODE_SETS = [frozenset(s) for s in ((), ("16a2",), ("16b1",), ("16a1",), ("16b2",), ("mediastinal",), ("16a1", "16b1"))]
FIGURES = (
    "liver_lesion_count",
    "liver_max_diameter_mm",
    "liver_lobes",
    "liver_major_vessel_or_duct_involved",
    "liver_diffuse",
)
LEFT, RIGHT = {"2", "3", "4", "4a", "4b"}, {"5", "6", "7", "8"}
COVERS = {
    "T4": ("T4a", "T4b"),
    "P1": ("P1a", "P1b", "P1c"),
    "TX": T_VALUES,
    "PX": ("P0", "P1a"),
    "CYX": ("CY0", "CY1"),
}


def score_primary(status, t, r0):
    if status == "resected":
        return 1
    if t == "none":
        return 1 if status == "in_situ" or r0 else 3
    if t != "T4b":
        return 1
    return 2 if r0 else 3


def score_nodes(bulky, nodes):
    if nodes & {"16a1", "16b2", "mediastinal", "supraclavicular", "other"}:
        return 3
    return 2 if nodes or bulky else 1


def score_liver(figures, resectable, reading="B"):
    n, d, lobes, vessel, diffuse = figures
    if diffuse or not resectable:
        return 3
    one_lobe = lobes != "both"
    inside = {
        "A": (n <= 3 and d <= 40) or one_lobe,
        "B": n <= 3 and (d <= 40 or one_lobe),
        "C": n <= 3 and d <= 40 and one_lobe,
    }[reading]
    return 1 if inside and not vessel else 2


def score_outside(peritoneum, sites, cytology):
    return 3 if peritoneum != "P0" or sites or cytology == "CY1" else 1


def one_of(stated, every):
    """The exact values that a stated choice may have."""
    if stated is None:
        return tuple(every)
    if isinstance(stated, dict) and "one_of" in stated:
        return tuple(v for s in stated["one_of"] for v in one_of(s, every))
    if isinstance(stated, dict):
        return tuple(every)
    return COVERS.get(stated, (stated,)) if isinstance(stated, str) else (stated,)


def fits(stated, value):
    """Whether a concrete number fits what is stated of it."""
    if stated is None:
        return True
    if isinstance(stated, dict) and "one_of" in stated:
        return value in stated["one_of"]
    if isinstance(stated, dict):
        return stated.get("at_least", 0) <= value <= stated.get("at_most", INF)
    return stated == value


def primary_worlds(facts):
    names = ("primary_status", "t_category", "primary_resectable_r0")
    t = facts.get("t_category")
    is_stated = t not in (None, "TX")
    values = one_of(t, T_VALUES) if is_stated else (*T_VALUES, "none")
    values = ("none",) if t == {"not_applicable": True} else values
    worlds = {}
    for status in one_of(facts.get("primary_status"), ("in_situ", "resected", "local_recurrence")):
        for value, r0 in product(values, one_of(facts.get("primary_resectable_r0"), FLAGS)):
            if status == "local_recurrence" and not is_stated and value != "none":
                continue
            worlds[(status, value, r0)] = score_primary(status, value, r0)
    return names, [worlds]


def node_worlds(facts):
    stated = facts.get("nodes_beyond_d2")
    sets = NODE_SETS
    if stated is not None:
        rest = frozenset(stated) - {"para_aortic_unspecified"}
        sets = [rest]
        if "para_aortic_unspecified" in stated:
            four = ("16a1", "16a2", "16b1", "16b2")
            sets = [
                rest | {n for n, i in zip(four, bits, strict=True) if i}
                for bits in product(FLAGS, repeat=4)
                if any(bits)
            ]
    worlds = {
        (bulky, nodes): score_nodes(bulky, nodes) for bulky in one_of(facts.get("bulky_n2"), FLAGS) for nodes in sets
    }
    return ("bulky_n2", "nodes_beyond_d2"), [worlds]


def outside_worlds(facts):
    stated = facts.get("distant_sites")
    sites = (False, True) if stated is None else (bool(stated),)
    worlds = {
        (p, s, c): score_outside(p, s, c)
        for p in one_of(facts.get("peritoneum"), ("P0", "P1a"))
        for s in sites
        for c in one_of(facts.get("cytology"), ("CY0", "CY1"))
    }
    return ("peritoneum", "distant_sites", "cytology"), [worlds]


def cannot_be(figures):
    n, _, lobes, _, diffuse = figures
    return diffuse and (n != INF or lobes != "both")


def stated_figures(facts):
    """Concrete values of the five figures, from what is stated beside or without a list."""
    return (
        [n for n in COUNTS if fits(facts.get(FIGURES[0]), n)],
        [d for d in SIZES if fits(facts.get(FIGURES[1]), d)],
        list(one_of(facts.get(FIGURES[2]), LOBES)),
        list(one_of(facts.get(FIGURES[3]), FLAGS)),
        list(one_of(facts.get(FIGURES[4]), FLAGS)),
    )


def figures_without_list(facts):
    values = stated_figures(facts)
    found = [f for f in product(*values) if not cannot_be(f)]
    if found:
        return {(): set(found)}, False
    other_diffuse = product(*values[:4], FLAGS)
    other_rest = product(COUNTS, values[1], LOBES, *values[3:])
    return {(): {f for f in (*other_diffuse, *other_rest) if not cannot_be(f)}}, True


def lesion_looks(lesion, sizes):
    """Concrete (size, lobe, vessel) of one lesion."""
    size = lesion.get("diameter_mm")
    segments = set(lesion.get("segments", ()))
    if segments & LEFT and segments & RIGHT:
        lobes = ("both",)
    elif segments & LEFT or segments & RIGHT:
        lobes = ("left",) if segments & LEFT else ("right",)
    else:
        lobes = ("left", "right") if segments else LOBES
    relation = lesion.get("vessel_relation")
    vessels = FLAGS if relation is None else (relation == "invades",)
    return list(product(sizes if size is None else (size,), lobes, vessels))


def natures_of(lesion):
    nature = lesion.get("nature")
    return {"metastasis": (True,), "benign": (False,), "second_primary": (False,)}.get(nature, FLAGS)


def join(parts):
    """The figures of the counted lesions; an extra part is (number, size, lobe, vessel)."""
    n = sum(part[0] for part in parts)
    lobes = {part[2] for part in parts}
    return (
        n,
        max(part[1] for part in parts),
        lobes.pop() if len(lobes) == 1 else "both",
        any(part[3] for part in parts),
    )


def livers_from_list(facts):
    """Every concrete liver: (natures, looks of all lesions, extra lesions, diffuse) and its figures."""
    lesions = facts["liver_lesions"]
    sizes = SIZES if facts.get("liver_max_diameter_mm") is not None else (20, 60)  # stated sizes need finer ones
    numbers = COUNTS if facts.get("liver_lesion_count") is not None else (1, 3, INF)
    extras = [None]
    if facts.get("liver_lesions_complete") is not True:
        extras += [(n, d, o, v) for n in numbers for d, o, v in product(sizes, LOBES, FLAGS)]
    for natures in product(*(natures_of(lesion) for lesion in lesions)):
        for looks in product(*(lesion_looks(lesion, sizes) for lesion in lesions)):
            for extra in extras:
                parts = [(1, *look) for look, counted in zip(looks, natures, strict=True) if counted]
                parts += [extra] if extra else []
                if not parts:
                    continue
                figures = join(parts)
                for diffuse in (False,) if extra is None else FLAGS:
                    yield natures, (looks, extra, diffuse), (*figures, diffuse)


def figures_with_list(facts):
    """Figures by choice of natures, the pairs that differ only in natures, and whether list and figures clash."""
    stated = facts
    livers = list(livers_from_list(facts))
    if not livers:
        found, _ = figures_without_list(facts)
        return found, set(), True

    def agrees(at, value):
        if at < 2:
            return fits(stated.get(FIGURES[at]), value)
        return value in one_of(stated.get(FIGURES[at]), LOBES if at == 2 else FLAGS)

    clash = [not any(agrees(at, liver[2][at]) for liver in livers) for at in range(5)]
    kept = survivors(livers, agrees, clash)
    excluded = False
    if not kept and any(all(clash[at] or agrees(at, liver[2][at]) for at in range(5)) for liver in livers):
        # list and figures fit, but the stated figures exclude one another: one of the two statements is wrong
        excluded = True
        without_diffuse = survivors(livers, agrees, [*clash[:4], None])
        without_rest = survivors(livers, agrees, [None, clash[1], None, *clash[3:]])
        kept = without_diffuse + without_rest
    if not kept:
        clash = [True] * 5
        kept = survivors(livers, agrees, clash)
    values = stated_figures(facts)
    by_natures, by_look = {}, {}
    for natures, look, figures in kept:
        for choice in product(*(({figures[at]} | set(values[at])) if clash[at] else {figures[at]} for at in range(5))):
            replaced = tuple(choice[at] if choice[at] != figures[at] else None for at in range(5))
            by_natures.setdefault(natures, set()).add(choice)
            by_look.setdefault((look, replaced, choice[4]), {})[natures] = choice
    pairs = set()
    for group in by_look.values():
        distinct = set(group.values())
        pairs |= {(a, b) for a in distinct for b in distinct if a != b}
    return by_natures, pairs, excluded or any(clash)


def survivors(livers, agrees, clash):
    """Livers that fit the stated figures. A figure that clashes is not compared; nor one freed with None."""
    constrained = not (clash[0] or clash[2] or clash[4])
    return [
        liver
        for liver in livers
        if all(clash[at] is not False or agrees(at, liver[2][at]) for at in range(5))
        and not (constrained and cannot_be(liver[2]))
    ]


def liver_worlds(facts, reading="B"):
    names = (*FIGURES, "liver_resectable_r0")
    pairs = set()
    if facts.get("liver_lesions") is None:
        by_natures, clash = figures_without_list(facts)
    else:
        by_natures, pairs, clash = figures_with_list(facts)
    resectable = one_of(facts.get("liver_resectable_r0"), FLAGS)
    classes = [
        {(*figures, r): score_liver(figures, r, reading) for figures in own for r in resectable}
        for own in by_natures.values()
    ]
    scored = {(score_liver(a, r, reading), score_liver(b, r, reading)) for a, b in pairs for r in resectable}
    return names, classes, scored, clash


ASSUMED = {
    "peritoneum": lambda w: w["peritoneum"] == "P0",
    "cytology": lambda w: w["cytology"] == "CY0",
    "distant_sites": lambda w: not w["distant_sites"],
    "nodes_beyond_d2": lambda w: not w["nodes_beyond_d2"],
    "bulky_n2": lambda w: not w["bulky_n2"],
    "liver_major_vessel_or_duct_involved": lambda w: not w["liver_major_vessel_or_duct_involved"],
    "liver_resectable_r0": lambda w: w["liver_resectable_r0"],
}
CONDITION = {"liver_resectable_r0": lambda w: w["liver_lesion_count"] <= 3}


def presume(names, classes, active):
    left = []
    for worlds in classes:
        for fact in ASSUMED:
            if fact not in active or fact not in names:
                continue
            at = {world: dict(zip(names, world, strict=True)) for world in worlds}
            holds = {world: ASSUMED[fact](at[world]) for world in worlds}
            applies = CONDITION.get(fact, lambda w: True)
            kept = {w: score for w, score in worlds.items() if holds[w] or not applies(at[w])}
            if any(holds[world] for world in kept):
                worlds = kept
        left.append(worlds)
    return left


def maxima(sets):
    return {max(scores) for scores in product(*sets)}


def scores_of(classes):
    return {score for worlds in classes for score in worlds.values()}


def changes(names, classes, others):
    """Facts for which two completions that differ only in it have different types."""
    found = set()
    for worlds in classes:
        for at, name in enumerate(names):
            buckets = {}
            for world, score in worlds.items():
                buckets.setdefault(world[:at] + world[at + 1 :], set()).add(score)
            scores = {frozenset(own) for own in buckets.values() if len(own) > 1}
            if any(max(a, r) != max(b, r) for own in scores for a in own for b in own for r in others):
                found.add(name)
    return found


def solve(facts, reading="B", assuming=None):
    """(possible, provisional, missing, clash) as sets of scores and of fact names."""
    liver = liver_worlds(facts, reading)
    parts = [primary_worlds(facts), node_worlds(facts), liver[:2], outside_worlds(facts)]
    reach = [scores_of(classes) for _, classes in parts]
    missing = set()
    for at, (names, classes) in enumerate(parts):
        others = maxima([scores for n, scores in enumerate(reach) if n != at])
        missing |= changes(names, classes, others)
        if at == 2 and any(max(a, r) != max(b, r) for a, b in liver[2] for r in others):
            missing.add("liver_lesions")
    active = set(ASSUMED) if assuming is None else set(assuming)
    active -= {name for name, value in facts.items() if value is not None}
    provisional = maxima([scores_of(presume(names, classes, active)) for names, classes in parts])
    return maxima(reach), provisional, missing, liver[3]


def solve_whole(facts):
    """Possible and missing without treating components as independent; only for few open facts."""
    names, _, scored, _ = liver = liver_worlds(facts)
    primary, nodes, outside = primary_worlds(facts), node_worlds(facts), outside_worlds(facts)
    every = (*primary[0], *nodes[0], *outside[0], *names)
    missing, possible = set(), set()
    for worlds in liver[1]:
        types = {
            (*a, *b, *c, *d): max(p, q, r, s)
            for (a, p), (b, q), (c, r), (d, s) in product(
                primary[1][0].items(), nodes[1][0].items(), outside[1][0].items(), worlds.items()
            )
        }
        possible |= set(types.values())
        for at, name in enumerate(every):
            buckets = {}
            for world, kind in types.items():
                buckets.setdefault(world[:at] + world[at + 1 :], set()).add(kind)
            if any(len(kinds) > 1 for kinds in buckets.values()):
                missing.add(name)
    if scored:
        rest = {max(p, q, r) for p, q, r in product(*(part[1][0].values() for part in (primary, nodes, outside)))}
        if any(max(a, r) != max(b, r) for a, b in scored for r in rest):
            missing.add("liver_lesions")
    return possible, missing


def size_of(facts):
    liver = liver_worlds(facts)
    size = max(len(worlds) for worlds in liver[1])
    for part in (primary_worlds, node_worlds, outside_worlds):
        size *= len(part(facts)[1][0])
    return size
