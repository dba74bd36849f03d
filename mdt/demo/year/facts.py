"""Findings of a synthetic patient of a given type: plain cases, so that the rules propose exactly that type."""

import random
from typing import Any

from mdt.demo.year.script import RATES, Fate

SYNTHETIC = "Synthetic: made for the demonstration; no patient behind it."
SEGMENTS = ("2", "3", "4a", "5", "6", "7", "8")


def facts_of(fate: Fate, discipline: str) -> dict[str, Any]:
    """What one discipline states. The same each time it is asked."""
    draw = random.Random(f"{RATES['seed']}/{fate.number}/{discipline}")
    return {"radiology": _radiology, "surgery": _surgery, "pathology": _pathology, "oncology": _oncology}[discipline](
        fate, draw
    )


def _radiology(fate: Fate, draw: random.Random) -> dict[str, Any]:
    facts = {
        "liver_metastasis": "clinical",
        "liver_imaging": draw.choice(["mri_hepatobiliary", "mri_hepatobiliary", "ct_contrast"]),
        "t_category": draw.choice(["T2", "T3", "T3", "T4a"]),
        "t_basis": "c",
        "n_category": draw.choice(["N1", "N2", "N2"]),
        "bulky_n2": False,
        "nodes_beyond_d2": [],
        "distant_sites": [],
        "liver_lesions_complete": True,
    }
    if not fate.is_complete:
        return facts  # the images were not read lesion by lesion yet
    if fate.type == "I":
        sizes = [draw.randint(8, 38) for _lesion in range(draw.randint(1, 3))]
    elif fate.type == "II":
        sizes = [draw.randint(10, 45) for _lesion in range(draw.randint(4, 6))]
    else:
        sizes = [draw.randint(10, 70) for _lesion in range(draw.randint(4, 9))]
    facts["liver_lesions"] = [
        {
            "segments": [SEGMENTS[place % len(SEGMENTS)]],
            "diameter_mm": size,
            "nature": "metastasis",
            "vessel_relation": "clear",
        }
        for place, size in enumerate(sizes)
    ]
    return facts


def _surgery(fate: Fate, draw: random.Random) -> dict[str, Any]:
    has_peritoneal = fate.type == "III" and draw.random() < 0.5
    facts: dict[str, Any] = {
        "peritoneum": "P1" if has_peritoneal else "P0",
        "primary_status": "in_situ",
        "primary_resectable_r0": True,
        "symptoms": [],
    }
    if fate.is_complete:
        facts["liver_resectable_r0"] = fate.type != "III" or has_peritoneal
    return facts


def _pathology(fate: Fate, draw: random.Random) -> dict[str, Any]:
    return {
        "histology": draw.choice(["tubular", "tubular", "poorly_cohesive"]),
        "cytology": "CY0",
        "her2_ihc": draw.choice(["0", "1+", "1+", "2+", "3+"]),
        "mmr": "proficient",
        "pdl1_cps": draw.choice([0, 1, 3, 5, 10]),
    }


def _oncology(fate: Fate, draw: random.Random) -> dict[str, Any]:
    facts: dict[str, Any] = {"ecog": draw.choice([0, 1, 1, 2]), "before_any_systemic_therapy": True}
    if draw.random() < RATES["preparation"]["comorbidity"]:
        facts["comorbidity_note"] = draw.choice(["none", "hypertension", "diabetes, controlled"])
    if draw.random() < RATES["preparation"]["preference"]:
        facts["patient_preference"] = "Wants the treatment with the best prospect."
    return facts
