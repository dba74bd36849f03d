"""Faults in an edition: file, what stands there, what is planted, the row that is named, and the reason."""

E = "c-gclm-2019.toml"
OMEC = "omec-2023.toml"
TRIAL = "surgigast-2025.toml"
P = "c-gclm.2019."
CITE = 'cite = { source = "house", locator = "primary removed: no depth to score", label = "unverified" }\n'
HEAD = 'status = "draft"'
WHEN = 'when = { primary_status = "resected" }'
EMPTY_COMPONENT = '[[component]]\nid = "primary"\nlabel = { en = "P", zh = "P" }\nrow = []\n[[component]]\nid = "first"'


def one_test(test: str) -> tuple[str, str, str, str]:
    """The first row of the edition asks something else."""
    return (E, WHEN, f"when = {{ {test} }}", f"{P}primary.removed")


WORDING = {
    "broken TOML": (E, 'scheme = "c-gclm"', "scheme = ", "", "is not valid TOML: Invalid value (at line 7"),
    "a repeated key": (E, HEAD, f"{HEAD}\n{HEAD}", "", "is not valid TOML: Cannot overwrite"),
    "an unknown key of the file": (E, HEAD, f"{HEAD}\nweight = 3", "", "unknown key 'weight'; known: scheme, edition"),
    "an unknown key of a row": (
        E, "score = 1\n", "score = 1\nrun = 'x'\n", "category 1", "unknown key 'run'; known: id, score",
    ),
    "a missing key": (E, f"{HEAD}\n", "", "", "missing key 'status'"),
    "a key of the wrong type": (
        E, "score = 1\ntext", 'score = "1"\ntext', f"{P}primary.removed", "'score' is '1', wrong type; whole is needed",
    ),
    "yes instead of a number": (
        E, "score = 1\ntext", "score = true\ntext", f"{P}primary.removed", "'score' is True, wrong type; whole is",
    ),
    "a date of the wrong type": (
        E, "2019-10-01", '"2019-10-01"', "", "'valid_from' is '2019-10-01', wrong type; date is needed",
    ),
    "a row that is a number": (E, "[[unstated]]", "[nowhere]", "", "unknown key 'nowhere'; known: scheme, edition"),
    "a text where a table belongs": (
        E, 'A = { en = "(up', 'D = 4\nA = { en = "(up', "readings", "'D' is 4, wrong type; table is needed",
    ),
    "a number instead of a source": (
        E, "[sources.consensus-2019]", "[sources]\nmemory = 3\n[sources.consensus-2019]", "sources.memory",
        "is 3, not a table",
    ),
    "a sentence in one language only": (
        E, 'zh = "可切除型"', 'zh = ""', "category 1", "'text' is empty in one language",
    ),
    "numbers in a list of texts": (
        E, 'reading = ["B"]', "reading = [2]", f"{P}liver.within", "'reading' is [2]; a list of texts is needed",
    ),
    "an id that cannot stand in an address": (
        E, f'id = "{P}primary.removed"', 'id = "a/b"', "a/b",
        "id 'a/b': give up to 60 letters, digits, dots, dashes and underscores",
    ),
    "an unknown status": (E, HEAD, 'status = "final"', "", "unknown status 'final'; known: draft, reviewed, approved"),
    "an unknown combine": (E, 'combine = "max"', 'combine = "sum"', "", "unknown combine 'sum'; known: max"),
    "dates in the wrong order": (E, HEAD, f"{HEAD}\nvalid_to = 2018-01-01", "", "valid_to must lie after valid_from"),
    "an unknown question": (E, '"resectable"\nlabel', '"curable"\nlabel', "", "unknown question 'curable'; known: res"),
    "an unknown phase": (OMEC, '"restaging"', '"later"', "", "unknown phase 'later'; known: baseline, restaging"),
    "facts of restaging in a scheme of the first staging": (
        OMEC, 'phase = "restaging"\n', "", "", 'from_restaging needs phase = "restaging"',
    ),
    "an unknown fact of restaging": (OMEC, '["before_any', '["before_all', "", "unknown fact 'before_all_systemic"),
    "an unknown recruitment": (
        TRIAL, '"terminated"', '"paused"', "trial", "unknown recruitment 'paused'; known: recruiting, closed",
    ),
    "an unknown reading": (E, 'reading = "B"', 'reading = "D"', "", "unknown reading 'D'; known: A, B, C"),
    "a row of an unknown reading": (
        E, 'reading = ["B"]', 'reading = ["D"]', f"{P}liver.within", "unknown reading 'D'; known: A, B, C",
    ),
}  # fmt: skip

ROWS = {
    "an unknown fact": (E, "bulky_n2 = false", "bulky_n3 = false", f"{P}nodes.inside_d2", "unknown fact 'bulky_n3'"),
    "an alternative that is no table": (
        E, "any = [{ liver_max_diameter_mm = { le = 40 } },", 'any = ["liver_diffuse",', f"{P}liver.within",
        "'liver_diffuse' is not a table of facts and tests",
    ),
    "a test of a fact of words": (*one_test('patient_preference = "x"'), "no rule can ask about 'patient_preference', "
        "which is of type text"),
    "an unknown value": (*one_test('t_category = "T5"'), "unknown value: t_category: 'T5' is not allowed; give one of"),
    "a value that says not known": (*one_test('t_category = "TX"'), "'t_category' cannot be compared with 'TX'"),
    "a range where a value belongs": (
        *one_test('t_category = { one_of = ["T1", "T2"] }'),
        "'t_category' cannot be compared with {'one_of': ['T1', 'T2']}",
    ),
    "a yes or no of the wrong type": (*one_test('liver_diffuse = "yes"'), "unknown value: liver_diffuse: 'yes' is not"),
    "a number without comparison": (
        *one_test("liver_lesion_count = 3"), "'liver_lesion_count' is tested with 3; le, lt, ge or gt is needed",
    ),
    "code instead of a test": (
        *one_test("liver_lesion_count = \"__import__('os')\""),
        "'liver_lesion_count' is tested with \"__import__('os')\"; le, lt, ge or gt is needed",
    ),
    "an unknown comparison": (
        *one_test("liver_lesion_count = { below = 3 }"),
        "unknown test 'below' of 'liver_lesion_count'; known: le, lt, ge, gt",
    ),
    "a limit that is no number": (
        *one_test('liver_max_diameter_mm = { le = "40" }'),
        "'liver_max_diameter_mm' le '40': wrong type; a number is needed",
    ),
    "a set tested like a choice": (
        *one_test('distant_sites = "bone"'),
        "'distant_sites' is tested with 'bone'; has_any, has_none or empty is needed",
    ),
    "an unknown element of a set": (
        *one_test('nodes_beyond_d2 = { has_any = ["16c"] }'), "unknown value '16c' of 'nodes_beyond_d2'; known: 16a1",
    ),
    "a missing citation": (E, CITE, "", f"{P}primary.removed",
        "missing citation: give cite = { source, locator, label }"),
    "an empty locator": (E, "primary removed: no depth to score", " ", f"{P}primary.removed",
        "missing citation: it needs a locator and one of the labels confirmed, unverified"),
    "an unknown label": (E, CITE, CITE.replace("unverified", "sure"), f"{P}primary.removed",
        "missing citation: it needs a locator and one of the labels confirmed, unverified"),
    "an unknown source": (E, 'source = "ruijin"', 'source = "rujin"', "flag BULKY_AND_PARAAORTIC",
        "unknown source 'rujin'; known: consensus-2019"),
    "a repeated row": (E, f'"{P}nodes.bulky"', f'"{P}nodes.inside_d2"', f"{P}nodes.inside_d2", "repeated row id"),
    "a score without category": (E, "score = 2\ntext", "score = 4\ntext", f"{P}primary.t4b_resectable",
        "score 4 belongs to no category"),
    "a repeated component": (E, 'id = "vessels"', 'id = "liver"', "", "repeated row id among components"),
    "a repeated example": (E, 'id = "too_large"', 'id = "within"', "", "repeated row id among examples"),
    "a repeated category": (E, 'id = "II"', 'id = "I"', "category 2", "repeated row id or score"),
    "a score of nothing": (E, 'id = "I"\nscore = 1', 'id = "I"\nscore = 0', "category 1",
        "a score is a whole number from 1 to 100"),
    "a category with a space": (E, 'id = "I"', 'id = "type I"', "category 1", "id 'type I': give up to 60 letters"),
    "an unknown stance": (TRIAL, '"not_met"', '"bad"', "category 4", "unknown stance 'bad'; known: class, meets"),
    "a repeated flag": (E, 'id = "CAUDATE"', 'id = "UNCONFIRMED"', "flag UNCONFIRMED", "repeated row id"),
    "an unknown built_in": (E, '"caudate"', '"left"', "flag CAUDATE", "unknown built_in 'left'; known: entry_absent"),
    "a flag without condition": (E, 'built_in = "caudate"\n', "", "flag CAUDATE", "needs built_in, when or unless"),
    "a flag of an unknown category": (E, 'built_in = "caudate"', 'built_in = "caudate"\ncategory = ["IV"]',
        "flag CAUDATE", "unknown category 'IV'"),
    "an example with an unknown answer": (E, 'possible = ["I"]', 'possible = ["IV"]', "example within",
        "unknown category 'IV'"),
    "an example without answer": (E, 'possible = ["I"]', "", "example within",
        "says neither what is possible nor what is provisional"),
    "an example with a fact that does not exist": (E, 'facts = { liver_metastasis = "confirmed"',
        'facts = { liver_meta = "confirmed"', "example within", "facts: liver_meta: is not a fact of this pathway"),
}  # fmt: skip

COMBINATIONS = {
    "a component without rows": (
        E, '[[component]]\nid = "primary"', EMPTY_COMPONENT, "primary", "no row of it asks about a fact",
    ),
    "a combination with no category": (
        E, "bulky_n2 = true }\nscore", 'bulky_n2 = true, n_category = "N2" }\nscore', "nodes",
        "no category for the combination n_category = ",
    ),
    "a combination with two categories": (
        E, "when = { nodes_beyond_d2 = { empty = true }, bulky_n2 = false }",
        "when = { nodes_beyond_d2 = { empty = true } }", "nodes",
        "two categories for the combination bulky_n2 = yes, nodes_beyond_d2 = none: c-gclm",
    ),
    "a category to which nothing leads": (
        E, "[[unstated]]", '[[category]]\nid = "IV"\nscore = 4\nlabel = { en = "IV", zh = "IV" }\n'
        'text = { en = "x", zh = "x" }\n[[unstated]]', "category IV", "dead category: no combination leads to it",
    ),
    "combinations beyond number": (
        E, WHEN, "when = { " + ", ".join(f"{name} = {{ le = 1 }}" for name in (
            "ecog", "asa", "age_years", "flr_percent", "pci", "charlson_index", "afp_ng_ml", "cea_ng_ml",
            "ca19_9_u_ml", "ca72_4_u_ml", "pdl1_cps", "fgfr2b_percent", "platelets_10e9_l", "anc_10e9_l",
            "haemoglobin_g_dl", "bilirubin_x_uln", "ast_alt_x_uln", "alp_x_uln", "lvef_percent")) + " }",
        "primary", " combinations are too many to check",
    ),
    "more tests of one fact than can be told apart": (
        E, WHEN, f"{WHEN}\nany = [" + ", ".join(f"{{ age_years = {{ le = {n} }} }}" for n in range(2000)) + "]",
        "", "2000 tests of 'age_years' are too many to check",
    ),
}  # fmt: skip

REFUSALS = {**WORDING, **ROWS, **COMBINATIONS}
