"""What the style page (templates/style.html) shows the parts with. Invented; no patient."""

from __future__ import annotations

from typing import Any, Final

from django import template

from cases.side_by_side import side_by_side

register = template.Library()

_CITATION: Final = {
    "source": "consensus",
    "locator": "classification table",
    "text": "A consensus",
    "doi": "10.1177/1758835920904803",
    "label": "unverified",
}


def _category(name: str, text: str, state: str, *, provisional: bool = False) -> dict[str, Any]:
    return {"id": name, "label": f"Type {name}", "text": text, "state": state, "provisional": provisional}


def _categories(*states: str, provisional: str = "") -> list[dict[str, Any]]:
    texts = {"I": "resectable", "II": "potentially resectable", "III": "unresectable"}
    return [
        _category(name, texts[name], state, provisional=name == provisional)
        for name, state in zip(texts, states, strict=True)
    ]


_ASSUMPTIONS: Final = [
    {
        "fact": "peritoneum",
        "label": "Peritoneum",
        "value": "P0",
        "text": "No peritoneal metastasis (P0)",
        "owner": "surgery",
        "confirm_label": "Confirm P0",
        "if_not": {"sample": {"P1a": ["III"], "P1b": ["III"], "P1c": ["III"]}},
        "can_confirm": False,
    },
    {
        "fact": "nodes_beyond_d2",
        "label": "Nodes beyond D2",
        "value": [],
        "text": "No node beyond D2",
        "owner": "radiology",
        "confirm_label": "Confirm none",
        "if_not": {"sample": {"16a1": ["III"], "16b2": ["III"], "16a2": ["II"]}},
        "can_confirm": False,
    },
]

_SYSTEM: Final = {
    "label": "C-GCLM 2019",
    "edition": "2019",
    "status": "draft",
    "digest": "0" * 64,
    "possible": ["II", "III"],
    "category": None,
    "provisional": {"possible": ["II"], "assuming": {"peritoneum": "P0"}, "assumptions": _ASSUMPTIONS},
    "categories": _categories("ruled_out", "possible", "possible", provisional="II"),
    "components": [
        {"label": "Primary", "possible": ["I"], "provisional": ["I"], "known": True, "why": "Removed"},
        {
            "label": "Liver",
            "possible": ["II", "III"],
            "provisional": ["II"],
            "known": False,
            "why": "54 mm, both lobes",
        },
        {
            "label": "Outside the liver",
            "possible": ["I", "III"],
            "provisional": ["I"],
            "known": False,
            "why": "Not stated",
        },
    ],
    "flags": ["SAMPLE"],
    "flag_texts": {"SAMPLE": "A flag of the rules in one sentence."},
    "because": [
        {"rule": "sample.size", "answer": "II", "facts": {}, "citation": _CITATION, "text": "54 mm: more than 40 mm."},
        {
            "rule": "sample.outside",
            "answer": "I",
            "is_assumed": True,
            "facts": {},
            "citation": {},
            "text": "Nothing is recorded outside.",
        },
    ],
}

_OPTIONS: Final = [
    {
        "id": "conversion",
        "label": "Systemic conversion treatment, then restage",
        "status": "recommended",
        "depends_on": "II",
        "for": [{"text": "First step for type II.", "kind": "consensus", "citation": _CITATION}],
        "against": [{"text": "Responds less than nodal disease.", "kind": "observational", "label": "unverified"}],
        "gates": [{"text": "HER2 2+ without ISH.", "kind": "house"}],
        "missing": ["MMR", "CPS"],
    },
    {"id": "now", "label": "Hepatectomy now", "status": "undetermined"},
    {"id": "other", "label": "Another option", "status": "consider"},
    {"id": "ablation", "label": "Ablation of all lesions", "status": "not_recommended"},
]

_SIDES: Final = [
    {"discipline": "radiology", "on": "2026-11-12", "by": "Dr Shen Yi", "value": "50 mm", "holds": False},
    {
        "discipline": "radiology",
        "on": "2026-11-18",
        "by": "Dr Shen Yi",
        "value": "54 mm",
        "holds": True,
        "why": "later",
    },
]

_READINESS: Final = [
    {"fact": fact, "label": label, "state": state, "owner": owner}
    for fact, label, state, owner in (
        ("t_category", "T category", "known", "endoscopy"),
        ("peritoneum", "Peritoneum", "missing", "surgery"),
        ("liver_imaging", "Liver imaging", "stale", "radiology"),
        ("liver_lesion_count", "Number of metastases", "disputed", "radiology"),
        ("ecog", "ECOG", "known", "oncology"),
    )
]

_LESIONS: Final = [
    {
        "segments": ["4"],
        "diameter_mm": 54,
        "nature": "metastasis",
        "vessel_relation": "abuts",
        "vessel": "hepatic_vein",
    },
    {"segments": ["5"], "nature": "metastasis"},
    {"segments": ["8"], "diameter_mm": 12, "nature": "indeterminate"},
    {"diameter_mm": 9, "nature": "metastasis"},
]


@register.simple_tag
def style_samples() -> dict[str, Any]:
    """One example of every structure that the partials take."""
    return {
        "all_possible": _categories("possible", "possible", "possible"),
        "provisional": _SYSTEM["categories"],
        "only": _categories("ruled_out", "ruled_out", "only"),
        "system": _SYSTEM,
        "side_by_side": side_by_side({"systems": {"sample": _SYSTEM}}),
        "assumptions": _ASSUMPTIONS,
        "options": _OPTIONS,
        "contradictions": [{"label": "Largest diameter", "sides": _SIDES, "effect": "None: both are above 40 mm."}],
        "readiness": _READINESS,
        "lesions": _LESIONS,
        "missing": [
            {"fact": "t", "label": "T category", "owner": "endoscopy", "decides": {"sample": {"T4b": ["II", "III"]}}}
        ],
    }
