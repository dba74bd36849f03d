"""Faults in facts.toml, pathway.toml and examples.toml."""

F, W, X = "facts.toml", "pathway.toml", "examples.toml"
TIMING = '[facts.timing]\ncarries_over = true\ntype = "choice"'
ASSUMED = 'fact = "peritoneum"\nvalue = "P0"'
QUESTION = 'id = "question"\ncase_field = true\nowner = "coordination"'
IMPOSSIBLE = '[[impossible]]\nid = "liver.diffuse_counted"'
WORDS = 'owners = ["radiology"]\ngroup = "course"\nlabel = { en = "x", zh = "x" }\nhelp = { en = "x", zh = "x" }\n'


def new_fact(name: str, lines: str) -> tuple[str, str, str, str]:
    """A fact before the others."""
    return (F, TIMING, f"[facts.{name}]\n{WORDS}{lines}\n{TIMING}", f"facts.{name}")


FACTS = {
    "an unknown type": (*new_fact("x", 'type = "bool"'), "unknown type 'bool'; known: choice, yes_no"),
    "an unknown group": (
        F, 'group = "course"', 'group = "fate"', "facts.timing", "unknown group 'fate'; known: course, primary",
    ),
    "a value without Chinese": (
        *new_fact("x", 'type = "choice"\nvalues = [["a", "A"]]'),
        "value ['a', 'A'] is not one code or [code, English, Chinese], or is repeated",
    ),
    "a repeated value": (
        *new_fact("x", 'type = "choice"\nvalues = ["a", "a"]'),
        "value 'a' is not one code or [code, English, Chinese], or is repeated",
    ),
    "a choice without values": (*new_fact("x", 'type = "choice"'), "a fact of type choice needs values"),
    "a number with values": (*new_fact("x", 'type = "number"\nvalues = ["1"]'), "a fact of type number has no values"),
    "a name for lesions of something else": (
        *new_fact("x", 'type = "number"\ncounted = { en = "x", zh = "x" }'),
        "only a list of lesions says what a lesion that counts is called",
    ),
    "an unknown covered value": (
        *new_fact("x", 'type = "choice"\nvalues = ["a", "b"]\ncovers = { a = ["c"] }'),
        "unknown value 'c'; known: a, b",
    ),
    "a value that covers one that covers": (
        *new_fact("x", 'type = "choice"\nvalues = ["a", "b", "c"]\ncovers = { a = ["b"], b = ["c"] }'),
        "value 'a' may cover only values that stand for nothing but themselves",
    ),
    "only values that say not known": (
        *new_fact("x", 'type = "choice"\nvalues = ["a"]\nunknown = ["a"]'),
        "needs a value that stands for nothing but itself",
    ),
    "a set with more elements than can be combined": (
        *new_fact("x", 'type = "set"\nvalues = [' + ", ".join(f'"e{n}"' for n in range(40)) + "]"),
        "more than 14 elements: every set of them is tried",
    ),
    "a limit without end": (*new_fact("x", 'type = "integer"\nmin = -inf'), "'min' must be finite"),
    "an unknown discipline": (
        F, 'owners = ["oncology"]', 'owners = ["astrology"]', "facts.timing",
        "unknown discipline 'astrology'; known: surgery",
    ),
    "a fact that nobody owns": (F, 'owners = ["oncology"]', "owners = []", "facts.timing", "needs an owner"),
    "a fact derived from one that does not exist": (
        F, 'derived_from = ["gastrectomy_on"', 'derived_from = ["gastrectomy_at"', "facts.timing",
        "unknown fact 'gastrectomy_at'",
    ),
    "a known name of another type": (
        F, "[facts.gastrectomy_on]\ncarries_over = true\ntype = \"date\"",
        "[facts.gastrectomy_on]\ncarries_over = true\ntype = \"text\"", "facts.gastrectomy_on",
        "a fact of this name must be of type date",
    ),
    "a known name with other values": (
        F, '["metachronous", "Metachronous", "异时性"]', '["later", "Later", "异时性"]', "facts.timing",
        "a fact of this name must have the values synchronous, metachronous",
    ),
    "a list of lesions without its figures": (
        F, "[facts.liver_diffuse]", "[facts.liver_spread]", "",
        "liver_lesions needs the figures that follow from it; missing: liver_diffuse",
    ),
    "a number instead of a combination that cannot occur": (
        F, IMPOSSIBLE, f"[extra]\n{IMPOSSIBLE}", "", "unknown key 'extra'; known: groups, facts, impossible",
    ),
    "more combinations that cannot occur than can be followed": (
        F, IMPOSSIBLE, "".join(
            f'[[impossible]]\nid = "i{n}"\nwhen = {{ ebv = "positive" }}\nflag = "X"\n' for n in range(101)
        ) + IMPOSSIBLE, "", "more than 100 combinations that cannot occur",
    ),
}  # fmt: skip

PATHWAY = {
    "an unknown discipline at the table": (
        W, 'quorum = ["surgery"', 'quorum = ["barber"', "", "unknown discipline 'barber'; known: surgery",
    ),
    "an unknown discipline that is asked": (
        W, "\nnursing = [", "\nbarber = [", "ask.barber", "unknown discipline 'barber'; known: surgery",
    ),
    "an unknown precedence": (
        W, '["owner", "latest"]', '["owner", "loudest"]', "", "unknown precedence 'loudest'; known: owner, latest",
    ),
    "an entry fact that is no choice": (
        W, 'entry_fact = "liver_metastasis"', 'entry_fact = "ecog"', "", "entry_fact 'ecog' must be of type choice",
    ),
    "a baseline fact that is not yes or no": (
        W, 'baseline_fact = "before_any_systemic_therapy"', 'baseline_fact = "ecog"', "",
        "baseline_fact 'ecog' must be of type yes_no",
    ),
    "an unknown value that means absent": (
        W, 'absent = ["absent"]', 'absent = ["gone"]', "", "unknown value 'gone' of 'liver_metastasis'",
    ),
    "a form that is no list": (
        W, "[ask]\n", "[ask]\ncoordinators = 3\n", "ask.coordinators", "unknown discipline 'coordinators'; known: su",
    ),
    "a section that is no list": (
        W, "endoscopy = [\n", "endoscopy = 3\ncoordinators = [\n", "ask.endoscopy",
        "needs a list of sections, each with group and facts",
    ),
    "a section of an unknown group": (
        W, '{ group = "course", facts = ["primary_status"', '{ group = "fate", facts = ["primary_status"',
        "ask.surgery", "unknown group 'fate'; known: course",
    ),
    "an unknown fact in a form": (
        W, 'facts = ["primary_status", "gas', 'facts = ["primary", "gas', "ask.surgery", "unknown fact 'primary'",
    ),
    "a section that is a word": (
        W, '  { group = "fitness", facts = ["asa"] },', '  "fitness",', "ask.surgery", "is 'fitness', not a table",
    ),
    "a repeated required item": (W, 'id = "ecog"', 'id = "histology"', "required.histology", "repeated row id"),
    "a required item of two kinds": (
        W, 'id = "ecog"', 'id = "ecog"\ncase_field = true', "required.ecog",
        "needs either case_field = true or any_of with facts",
    ),
    "an age of no days": (
        W, 'id = "ecog"', 'id = "ecog"\nmax_age_days = 0', "required.ecog",
        "max_age_days is a number of days of at least 1, for facts only",
    ),
    "a case field without owner": (
        W, QUESTION, 'id = "question"\ncase_field = true', "required.question", "a case field needs owner and label",
    ),
    "an unknown assumed value": (
        W, ASSUMED, 'fact = "peritoneum"\nvalue = "P9"', "assumption.peritoneum", "unknown value: peritoneum: 'P9' is",
    ),
    "an assumption about a number": (
        W, ASSUMED, 'fact = "ecog"\nvalue = 1', "assumption.ecog", "no assumption can be made about 'ecog' = 1",
    ),
    "an assumption that leaves several values": (
        W, ASSUMED, 'fact = "t_category"\nvalue = { one_of = ["T1", "T2"] }', "assumption.t_category",
        "no assumption can be made about 't_category' = {'one_of': ['T1', 'T2']}",
    ),
    "more assumptions than can be tried": (
        W, '[[assumption]]\nfact = "peritoneum"', (
            '[[assumption]]\nfact = "ebv"\nvalue = "negative"\ntext = { en = "x", zh = "x" }\n'
            'confirm = { en = "x", zh = "x" }\n'
        ) * 100 + '[[assumption]]\nfact = "peritoneum"', "", "more than 100 assumptions",
    ),
    "a date of the course that is none": (
        W, '{ fact = "gastrectomy_on", label', '{ fact = "ecog", label', "course 1",
        "'ecog' is of type integer; a date is needed",
    ),
    "an unknown trigger of a condition": (W, 'trigger = "courses"', 'trigger = "moon"', "condition_templates.restage",
        "unknown trigger 'moon'; known: courses, day, result"),
    "an unknown fact at a glance": (W, '"histology=", "primary_r', '"histologie=", "primary_r', "glance 2",
        "unknown fact 'histologie'"),
}  # fmt: skip

CASES = {
    "a repeated case": (X, 'id = "B"', 'id = "A"', "case A", "repeated row id"),
    "a case with a value that does not exist": (
        X, 't_category = "T3"', 't_category = "T9"', "case A", "facts: t_category: 'T9' is not allowed",
    ),
    "a case under an unknown reading": (
        X, '"c-gclm@A" = ["I"]', '"c-gclm@Z" = ["I"]', "case A", "unknown reading 'Z' of 'c-gclm'",
    ),
    "a case with an unknown answer": (
        X, 'c-gclm = ["I"]', 'c-gclm = ["IV"]', "case A", "unknown category 'IV' of 'c-gclm'",
    ),
}  # fmt: skip

REFUSALS = {**FACTS, **PATHWAY, **CASES}
