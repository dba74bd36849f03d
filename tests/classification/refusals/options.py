"""Faults in options.toml, arguments.toml and gates.toml."""

C, A, G = "options.toml", "arguments.toml", "gates.toml"
MANY = ", ".join(f'{{ when = {{ age_years = {{ le = {n} }} }}, status = "consider" }}' for n in range(1700))

REFUSALS = {
    "an unknown status of a file": (
        C, 'status = "draft"', 'status = "final"', C, "", "unknown status 'final'; known: draft, reviewed",
    ),
    "an edition that cannot stand in an address": (
        G, 'edition = "2026"', 'edition = "20 26"', G, "", "id '20 26': give up to 60 letters",
    ),
    "a header without a date": (A, "valid_from = 2026-11-01\n", "", A, "", "missing key 'valid_from'"),
    "an unknown kind of evidence": (
        A, 'kind = "RCT"', 'kind = "expert"', A, None, "unknown kind 'expert'; known: RCT, consensus",
    ),
    "an unknown effect of a gate": (
        G, 'effect = "forbid"', 'effect = "stop"', G, "gates.surgery_refused", "unknown effect 'stop'; known: hold",
    ),
    "a gate that is closed in two ways": (
        G, "closed_unless = { staging", "closed_if = { ecog = { ge = 3 } }\nclosed_unless = { staging", G,
        "gates.laparoscopy", "is either closed_unless or closed_if; not both",
    ),
    "none of these among the options": (
        C, 'id = "supportive_care"', 'id = "none_of_these"', C, "option none_of_these",
        "is given by [none], with label and text",
    ),
    "a line that is no line": (
        C, "line = 3", "line = 4", C, None,
        "line 4 of 'systemic'; only systemic treatment has a line, from 1 to 3",
    ),
    "a line of what is not systemic": (
        C, 'kind = "conversion"\n', 'kind = "conversion"\nline = 1\n', C, "option conversion",
        "line 1 of 'conversion'; only systemic treatment has a line, from 1 to 3",
    ),
    "an unknown status of an option": (
        C, 'types = ["I"], status = "recommended"', 'types = ["I"], status = "best"', C,
        "option perioperative_then_surgery", "unknown status 'best'; known: recommended, consider",
    ),
    "an unknown kind of treatment": (
        C, 'kind = "conversion"', 'kind = "hope"', C, "option conversion",
        "unknown kind of treatment 'hope'; known: curative_surgery",
    ),
    "a category of another scheme": (
        C, 'types = ["I"]', 'types = ["IVB"]', C, "option perioperative_then_surgery",
        "unknown category 'IVB'; known: I, II, III",
    ),
    "a repeated option": (C, 'id = "haic"', 'id = "tace"', C, "tace", "repeated row id"),
    "an unknown argument": (
        C, '"haic_series"', '"haic_serial"', C, "option haic", "unknown name 'haic_serial' in 'for'",
    ),
    "an unknown gate": (C, '"portal_vein"', '"portal_pain"', C, None, "unknown name 'portal_pain' in 'gates'"),
    "an argument that no option uses": (C, '"toga", ', "", A, "arguments.toga", "no option uses it"),
    "a gate that no option uses": (C, '"P-15"', '"P-14"', G, "gates.P-15", "no option uses it"),
    "surgery for cure without its negative trial": (
        A, 'with_kind = ["curative_surgery", "perioperative"]', 'with_kind = ["perioperative"]', C,
        "option resection_after_response",
        "surgery for cure without an unconditional argument of kind RCT against it; "
        "if no such trial exists, say so in without_rct",
    ),
    "a dose": (
        A, "Fluoropyrimidine with", "Fluoropyrimidine 85 mg/m² with", A, "arguments.backbone",
        "'text' says a dose ('85 mg'); doses are never given here",
    ),
    "arguments in two places": (
        C, "[none]", "[arguments]\n[none]", C, "",
        "holds arguments, and arguments.toml does too; keep them in one place",
    ),
    "an argument whose name cannot stand in an address": (
        A, "[arguments.toga]", '[arguments."to ga"]', A, "arguments.to ga", "id 'to ga': give up to 60 letters",
    ),
    "more conditions on one fact than can be told apart": (
        C, "rules = [\n", f"rules = [{MANY},\n", C, "", " tests of 'age_years' are too many to check",
    ),
}  # fmt: skip
