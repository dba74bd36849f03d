"""Plain functions that build rows for tests, through the same actions as the pages use."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from cases import actions
from cases.models import Case, Finding
from mdt.people.models import Membership, Role, Team, User
from tests.remembered import remembered

_numbers = count(1)


@remembered
def make_team(code: str = "gc", **fields) -> Team:
    team, _created = Team.objects.get_or_create(
        code=code,
        defaults={"name": "Upper GI tumour board", "hospital": f"Hospital {code.upper()}", **fields},
    )
    return team


@remembered
def make_user(
    username: str, *, discipline: str = "", team: Team | None = None, roles: tuple[str, ...] = (), **fields
) -> User:
    """A person with a usable password `correct-horse-battery` and these roles in the team."""
    user = User(username=username, discipline=discipline, **{"name": username.title(), "title": "Dr", **fields})
    user.set_password("correct-horse-battery")
    user.save()
    for role in roles or ((Role.MEMBER,) if team else ()):
        Membership.objects.create(team=team, user=user, role=role)
    return user


@remembered
def make_case(*, team: Team | None = None, by: User | None = None, **fields) -> Case:
    """A referred case of a new patient."""
    team = team or make_team()
    number = next(_numbers)
    by = (
        by
        or User.objects.filter(username="coordinator").first()
        or make_user("coordinator", discipline="coordination", team=team, roles=(Role.COORDINATOR,))
    )
    return actions.refer_case(
        **{
            "team": team,
            "by": by,
            "hospital_number": f"H{number:05}",
            "name": f"Patient {number}",
            "born_on": date(1960, 5, 17),
            "sex": "female",
            "question": "Resection first, or systemic treatment?",
            "reason": "new",
            "referrer": "Dr Bai Lu",
            "urgency": "routine",
            "target_on": timezone.localdate() + timedelta(days=14),
            **fields,
        }
    )


@remembered
def make_finding(case: Case, by: User, facts: dict, *, discipline: str = "", **fields) -> Finding:
    """A recorded finding of the person's own discipline, examined today unless said otherwise."""
    return actions.record_finding(
        case=case,
        by=by,
        facts=facts,
        discipline=discipline or by.discipline,
        **{"examined_on": timezone.localdate(), **fields},
    )


# Every fact that readiness asks for, as a radiologist, a surgeon and so on would state them: a plain type I case.
COMPLETE_FACTS = {
    "radiology": {
        "liver_metastasis": "clinical",
        "liver_imaging": "mri_hepatobiliary",
        "t_category": "T3",
        "t_basis": "c",
        "n_category": "N1",
        "bulky_n2": False,
        "nodes_beyond_d2": [],
        "distant_sites": [],
        "liver_lesions_complete": True,
        "liver_lesions": [{"segments": ["3"], "diameter_mm": 15, "nature": "metastasis", "vessel_relation": "clear"}],
    },
    "surgery": {
        "peritoneum": "P0",
        "primary_status": "in_situ",
        "primary_resectable_r0": True,
        "symptoms": [],
    },
    "hepatobiliary": {"liver_resectable_r0": True},
    "pathology": {
        "histology": "tubular",
        "cytology": "CY0",
        "her2_ihc": "1+",
        "mmr": "proficient",
        "pdl1_cps": 3,
    },
    "oncology": {"ecog": 1, "comorbidity_note": "none", "before_any_systemic_therapy": True},
    "nursing": {"patient_preference": "Wants surgery only if it can cure; heard by the nurse."},
}


@remembered
def complete_case(case: Case, by: User) -> Case:
    """Record every required fact, each under its own discipline."""
    for discipline, facts in COMPLETE_FACTS.items():
        make_finding(case, by, facts, discipline=discipline)
    case.refresh_from_db()
    return case
