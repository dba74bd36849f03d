"""Faults in standard_of_care.toml: what is changed, the row that the refusal names, and the reason it gives."""

REFUSALS = {
    "an id that stands twice": (
        'id = "supportive-care"', 'id = "first-line-systemic"', "protocol", "an id stands twice",
    ),
    "a category or option of no pathway": (
        'categories = ["III"]', 'categories = ["IV"]', "first-line-systemic", "unknown category or option: IV",
    ),
    "nothing to record": (
        'options = ["systemic_by_biomarker"]', "options = []", "first-line-systemic", "names no option to record",
    ),
    "an intent that nobody can have": (
        'intent = "palliative"', 'intent = "hope"', "first-line-systemic", "intent 'hope'; known: curative, conversion",
    ),
    "a version that is too long": (
        'version = "0.1-draft"', f'version = "{"1" * 21}"', "first-line-systemic",
        "the version has up to 20 characters",
    ),
}  # fmt: skip
