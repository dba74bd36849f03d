"""Facts at a glance: a dozen lines that the whole room can read, from the proposal's snapshot."""

from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models import Proposal
from cases.reasoning import describe, fact_label, pathway_of
from mdt.people.templatetags.looks import day

# Line → facts in reading order; "=" before a fact: its value says nothing without its label.
COUNTED_IN_LIST = {"liver_lesion_count", "liver_max_diameter_mm", "liver_lobes"}
LINES = (
    (_("Course"), ("timing", "primary_status", "gastrectomy_on", "before_any_systemic_therapy=")),
    (_("Primary"), ("t_category", "n_category", "histology", "primary_resectable_r0=")),
    (
        _("Liver"),
        ("liver_lesions", "liver_lesion_count=", "liver_max_diameter_mm", "liver_lobes", "liver_resectable_r0="),
    ),
    (_("Vessels"), ("liver_major_vessel_or_duct_involved=",)),
    (_("Peritoneum"), ("peritoneum", "cytology", "staging_laparoscopy_done=")),
    (_("Elsewhere"), ("distant_sites=", "nodes_beyond_d2=", "bulky_n2=")),
    (
        _("Biomarkers"),
        ("her2_status=", "her2_ihc=", "her2_ish=", "mmr=", "msi=", "pdl1_cps=", "cldn18_2_status=", "ebv="),
    ),
    (_("Fitness"), ("ecog=", "comorbidity_note=", "child_pugh=")),
    (_("Patient"), ("patient_preference",)),
)


@dataclass
class Line:
    """One line: what is stated, and the labels of what the meeting should know and does not."""

    label: str
    stated: list[dict] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def glance_at(pathway: str, proposal: Proposal) -> list[Line]:
    """The lines for which anything is known, or is required and missing."""
    language, known = get_language(), pathway_of(pathway).facts
    wanted = {item["fact"] for item in proposal.readiness if item["state"] in ("missing", "stale")}
    lines = []
    for label, names in LINES:
        line = Line(label)
        for entry in names:
            fact, needs_label = entry.rstrip("="), entry.endswith("=")
            if fact not in known:
                continue
            value = proposal.facts.get(fact)
            if value is None:
                if fact in wanted and not (fact in COUNTED_IN_LIST and proposal.facts.get("liver_lesions")):
                    line.missing.append(fact_label(pathway, fact, language))
                continue
            text = describe(pathway, fact, value, language)
            if known[fact].type == "date" and isinstance(value, str):
                text = day(value)
            line.stated.append(
                {
                    "text": text,
                    "label": fact_label(pathway, fact, language) if needs_label else "",
                    "is_disputed": any(entry["fact"] == fact for entry in proposal.contradictions),
                }
            )
        if line.stated or line.missing:
            lines.append(line)
    return lines
