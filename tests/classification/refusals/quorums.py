"""Faults in quorum.toml."""

Q = "quorum.toml"
ALSO = '[[also]]\nid = "interventional"'
WORDS = (
    'disciplines = ["nursing"]\ntext = { en = "x", zh = "x" }\n'
    'cite = { source = "house", locator = "x", label = "unverified" }\n'
)

REFUSALS = {
    "a rule of the quorum that names nobody": (
        Q, 'disciplines = ["oncology", "radiology"]', "disciplines = []", "minimum", "names no discipline",
    ),
    "an unknown discipline in the minimum": (
        Q, 'disciplines = ["oncology", "radiology"]', 'disciplines = ["barber"]', "minimum",
        "unknown discipline 'barber'; known: surgery",
    ),
    "a minimum without a citation": (
        Q, 'cite = { source = "qs176", locator = "statement 2", label = "confirmed" }', "", "minimum",
        "missing citation: give cite = { source, locator, label }",
    ),
    "a quorum without its reason": (Q, "[always]\n", "[ever]\n", "", "unknown key 'ever'; known: sources, always"),
    "somebody needed for an unknown option": (
        Q, 'options = ["ablation"', 'options = ["ablution"', "also.interventional", "unknown option 'ablution'",
    ),
    "somebody needed for an unknown status of an option": (
        Q, 'statuses = ["recommended"', 'statuses = ["praised"', "also.interventional",
        "unknown status 'praised'; known: recommended",
    ),
    "somebody needed for an unknown category": (
        Q, ALSO, f'{ALSO}\ncategories = ["IX"]', "also.interventional", "unknown category 'IX'; known: I, II, III",
    ),
    "somebody needed for options of no status": (
        Q, 'statuses = ["recommended", "consider"]', "", "also.interventional", "options and statuses belong together",
    ),
    "somebody needed for nothing": (
        Q, ALSO, f'[[also]]\nid = "idle"\n{WORDS}\n{ALSO}', "also.idle",
        "says neither for which options nor for which categories",
    ),
    "two rules of the quorum with one name": (
        Q, ALSO, f'{ALSO}\ncategories = ["I"]\n{WORDS}\n{ALSO}', "also.interventional", "repeated row id",
    ),
}  # fmt: skip
