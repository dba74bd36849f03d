"""The parts of a case's overview that a reader on a phone may jump to."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def parts_of(page: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Id and heading of each part, in the order of the page. `page`: what the overview is rendered from."""
    parts = [
        ("restaged", _("At presentation and now"), page.get("restaged")),
        ("proposal", _("Proposed type"), True),
        ("liver", _("Liver"), page.get("has_liver")),
        ("spread", _("Nodes and peritoneum"), page.get("spread")),
        ("readiness", _("Ready for the meeting"), True),
        ("because", _("Because"), page.get("proposal")),
        ("systems", _("Systems side by side"), page.get("proposal")),
        ("matters", _("Which fact matters"), page.get("proposal")),
        ("options", _("Options"), not page.get("is_covered")),
        ("findings", _("Facts by discipline"), True),
    ]
    return [(part, label) for part, label, is_there in parts if is_there]
