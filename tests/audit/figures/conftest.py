"""Rows of the audit made directly: figures are counted from these, whatever they were derived from."""

from datetime import date
from itertools import count

import pytest


@pytest.fixture
def add_row(team):
    """A function that stores a row of a decision that followed the pathway, with these columns otherwise."""
    from mdt.audit.models import AuditRow

    numbers = count(1_000_000)

    def add(**columns):
        number = next(numbers)
        usual = {
            "item_id": number, "case_id": number, "meeting_id": 1, "decision_id": number, "team_id": team.pk,
            "pathway": "gclm", "edition": "c-gclm 2019", "meeting_on": date(2026, 3, 4), "ended": "decided",
            "proposed": "I", "confirmed": "I", "verdict": "confirmed", "concordance": "concordant",
            "implementation": "full", "treatment": "curative_surgery", "option": "upfront_surgery",
            "discipline": "surgery", "is_signed": True, "is_quorate": True, "has_preference": True,
            "has_comorbidity": True,
        }  # fmt: skip
        return AuditRow.objects.create(**usual | columns)

    return add


@pytest.fixture
def scope(team):
    from mdt.audit.scope import Scope

    return Scope((team.pk,), date(2026, 1, 1), date(2026, 12, 31))
