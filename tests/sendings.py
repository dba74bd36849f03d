"""Every address that takes a form: how it is filled, and what comes of it when it is sent again or by two people.

tests/test_every_form_twice.py sends each; docs/concurrency-matrix.md is written from here. A new address is not known
until it stands here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cases.actions.findings import newest_finding_id
from classification.standard_of_care import load_protocols
from mdt.audit.replay.actions import cancel_replay
from mdt.meetings import actions as meetings
from mdt.meetings.models import AgendaItem, AgendaPlan, Meeting
from mdt.people import actions as people
from mdt.people.models import ProviderIdentity, Role
from mdt.privacy import actions as privacy
from tests.builders import COMPLETE_FACTS, complete_case, make_case, make_finding, make_user
from tests.meetings.builders import content_for, desk_entries, plan

PASSWORD = "correct-horse-battery"
# What the same entries from another page do, one that was opened before they were sent the first time (two windows).
STAYS, MEANT, SECOND = "nothing more", "a further entry", "told why not"
PAGES_TWICE = {
    STAYS: "the state is reached, or the row is there: it is answered as if it had done it",
    MEANT: "it is meant, and stands under its time and name",
    SECOND: "nothing is stored, and the page says why: done already, or an old page",
}
# What the second of two people reads, who saves another text into the same.
BOTH, OLD, FIRST, ADDED, OWN, NONE = "both texts", "old page", "first holds", "added", "own", "none"
TWO_PEOPLE = {
    BOTH: "409 with both texts side by side; mine, theirs or both is taken of each part (`tests/test_both_texts.py`, "
    "the desk: `tests/meetings/test_desk_pages.py`, findings: `tests/cases`)",
    OLD: "told that the page is an old one, with what is new; nothing is stored",
    FIRST: "told that somebody was first; what was typed stays on the page",
    ADDED: "both stand, each under its name and time",
    OWN: "one's own: nobody else writes it",
    NONE: "no text to lose",
}


@dataclass(frozen=True)
class Sending:
    """One address. `page`: where its form stands, where not on its own page; `at`: its path, where not that of the
    world; `entries`: what is filled in, or how to tell from the world; `before`: what has to be there."""

    again: str
    two: str
    entries: dict | Callable[[dict], dict] = None
    page: Callable[[dict], str] | None = None
    at: Callable[[dict], str] | None = None
    before: Callable[[dict], None] | None = None
    by: str = "everybody"
    writes: bool = True
    may_repeat: bool = False
    is_unlogged: bool = False  # no line in the log: the identical form does the same again

    def filled(self, world: dict) -> dict:
        return self.entries(world) if callable(self.entries) else dict(self.entries or {})


def grown(world: dict) -> dict:
    """The world of all pages, with what forms need that it has not: cases in every state."""
    everybody, team = world["everybody"], world["team"]
    today = timezone.localdate()
    room = plan(team, everybody, chair=everybody, opinions_first=True)
    deciding = plan(team, everybody, chair=everybody, starts_at=timezone.now() + timedelta(days=4))
    for meeting in (room, deciding):
        for person in team_people(world):
            meetings.mark_attendance(meeting=meeting, person=person, is_present=True, by=everybody)
    cases_by = {
        name: complete_case(make_case(team=team, by=everybody), everybody)
        for name in ("waiting", "listed", "open", "unsigned", "dissented")
    }
    items = {}
    for name, meeting in (("listed", room), ("open", deciding), ("unsigned", deciding), ("dissented", deciding)):
        items[name] = meetings.list_case(meeting=meeting, case=cases_by[name], by=everybody)
    for name in ("unsigned", "dissented"):
        proposal = cases_by[name].latest_proposal
        content = content_for(proposal, everybody)
        decision = meetings.record_decision(item=items[name], by=everybody, proposal=proposal, content=content)
    own = meetings.record_dissent(decision=decision, by=everybody, reason="Too early")
    spoken = meetings.note_spoken(item=items["unsigned"], by=everybody, person=everybody, text="Too early")
    officer = make_user("officer", discipline="", team=team, roles=(Role.PRIVACY,))
    asked = {"asked_by": "patient", "right": "gdpr-17", "asked_on": today, "text": "By letter."}
    undecided = privacy.ask_erasure(case=cases_by["waiting"], by=officer, **asked)
    granted = privacy.ask_erasure(case=cases_by["dissented"], by=officer, **asked)
    privacy.decide_erasure(request=granted, by=officer, outcome="granted", parts=[], exceptions=[], reason="No ground.")
    hold = privacy.place_hold(case=cases_by["open"], by=officer, reason="A claim.")
    lane = make_case(team=team, by=everybody)
    make_finding(lane, everybody, {name: value for facts in COMPLETE_FACTS.values() for name, value in facts.items()})
    lane.refresh_from_db()
    text = next(each for each in load_protocols("gclm") if each.id == "supportive-care")
    meetings.sign_protocol(team=team, pathway="gclm", protocol=text.id, digest=text.digest, owner="Prof", by=everybody)
    lane_meeting = plan(team, everybody, chair=everybody, starts_at=timezone.now() + timedelta(days=5))
    items["lane"] = meetings.list_case(meeting=lane_meeting, case=lane, by=everybody)
    return world | {
        "room": room, "deciding": deciding, "items": items, "cases": cases_by | {"lane": lane}, "own": own,
        "spoken": spoken,
        "undecided": undecided, "granted": granted, "running_hold": hold, "protocol": text,
        "lane_meeting": lane_meeting,
        "today": today, "officer": officer,
    }  # fmt: skip


def team_people(world: dict) -> list:
    people_of = world["team"].memberships.select_related("user").order_by("user_id")
    return list({each.user_id: each.user for each in people_of if each.user.discipline}.values())


def room(name: str, which: str, meeting: str = "deciding", *more) -> Callable[[dict], str]:
    """An address of the room, of one of the cases."""
    return lambda world: reverse(
        name, args=[world[meeting].reference, world["cases"][which].reference, *(part(world) for part in more)]
    )


def of_case(name: str, which: str) -> Callable[[dict], str]:
    return lambda world: reverse(name, args=[world["cases"][which].reference])


def at(name: str, *more: Callable[[dict], object]) -> Callable[[dict], str]:
    return lambda world: reverse(name, args=[part(world) for part in more])


def code(world: dict) -> str:
    return "gc"


def nothing_known(world: dict) -> None:
    world["cases"]["bare"] = make_case(team=world["team"], by=world["everybody"])


def triaged(world: dict) -> None:
    for name in ("oncologist", "radiologist"):
        person = next(each for each in team_people(world) if each.username == name)
        meetings.triage_case(item=fresh(world, "lane"), protocol=world["protocol"].id, reason="Fits", by=person)


def fresh(world: dict, which: str) -> AgendaItem:
    return AgendaItem.objects.select_related("meeting__team", "case__team").get(pk=world["items"][which].pk)


def pulled_back(world: dict) -> None:
    triaged(world)
    meetings.pull_back(item=fresh(world, "lane"), by=world["everybody"])


def linked(world: dict) -> None:
    ProviderIdentity.objects.create(person=surgeon(world), issuer="https://id.example", subject="s")


def surgeon(world: dict):
    return next(each for each in team_people(world) if each.username == "surgeon")


def person_page(world: dict) -> str:
    return reverse("person", args=["gc", "surgeon"])


def signed_in_elsewhere(world: dict) -> None:
    people.begin_session(person=surgeon(world), key="s" * 32, way="password", address=None, browser="")


def with_factor(world: dict) -> None:
    people.begin_second_factor(person=world["everybody"])


def confirmed_factor(world: dict) -> None:
    from mdt.people.models import SecondFactor

    with_factor(world)
    SecondFactor.objects.filter(person=world["everybody"]).update(confirmed_at=timezone.now())


def factor_of_surgeon(world: dict) -> None:
    from mdt.people.models import SecondFactor

    people.begin_second_factor(person=surgeon(world))
    SecondFactor.objects.filter(person=surgeon(world)).update(confirmed_at=timezone.now())


def code_of_app(world: dict) -> dict:
    import pyotp

    from mdt.people.models import SecondFactor

    secret = SecondFactor.objects.get(person=world["everybody"]).secret
    return {"code": pyotp.TOTP(secret).now()}


def ended_run(world: dict) -> None:
    cancel_replay(run=world["run"], by=world["everybody"])


def made_pack(world: dict) -> None:
    from mdt.audit.packs.actions import make_at_once

    make_at_once(pack=world["pack"])


def finding_entries(world: dict) -> dict:
    case = world["case"]
    return {
        "examined_on": world["today"].isoformat(), "impression": "Left lobe only",
        "based_on": newest_finding_id(case, "radiology"),
    }  # fmt: skip


def desk(world: dict, which: str, **changes) -> dict:
    case = world["cases"][which]
    return desk_entries(case.latest_proposal, world["everybody"], quorum_reason="Only for this test", **changes)


def days(world: dict, count: int) -> str:
    return (world["today"] + timedelta(days=count)).isoformat()


def of_the_case(world: dict, name: str) -> str:
    return reverse(name, args=[world["case"].reference])


def version(world: dict, meeting: str) -> int:
    return Meeting.objects.get(pk=world[meeting].pk).version


def following(world: dict) -> Meeting:
    """A coming meeting of the series."""
    return world["series"].meetings.filter(state=Meeting.State.PLANNED).order_by("starts_at").last()


def left_alone(world: dict) -> None:
    """Somebody moved it by hand; it does not follow its series."""
    meeting = following(world)
    begin = meeting.starts_at + timedelta(hours=1)
    meetings.change_meeting(meeting=meeting, by=world["everybody"], version=meeting.version, starts_at=begin)


def freed(world: dict) -> None:
    """Nothing: the waiting case waits for a place."""


def apply_one(world: dict) -> None:
    from mdt.meetings.planning.plan import make_plan

    with transaction.atomic():
        meetings.lock_agendas(world["team"])
        shown = make_plan(world["team"])
        meetings.apply_plan(plan=shown, by=world["everybody"], digest=shown.situation.digest())


def applied(world: dict) -> AgendaPlan:
    return AgendaPlan.objects.filter(team=world["team"]).order_by("pk").last()


def drafted(world: dict) -> None:
    entries = {"rationale": ["Half a"]}
    meetings.save_desk_draft(item=fresh(world, "open"), by=world["everybody"], entries=entries, based_on=0)


def closed(world: dict) -> None:
    people.deactivate_person(person=surgeon(world), by=world["everybody"])


# fmt: off
SENDINGS: dict[str, Sending] = {
    # --- The case ---
    "case-refer": Sending(
        STAYS,
        FIRST,
        {
            "hospital_number": "4471",
            "name": "Lin Meihua",
            "born_on": "1958-02-03",
            "sex": "female",
            "reason": "new",
            "pathway": "gclm",
            "question": "Hepatectomy now?",
        },
    ),
    "referral-change": Sending(SECOND, BOTH, {"question": "Resection now, or wait?"}),
    "patient-correct": Sending(SECOND, BOTH, {"name": "Gao Jianguo", "reason": "Misheard"}),
    "case-close": Sending(SECOND, FIRST, {"reason": "Moved away"}),
    "referral-take-back": Sending(
        SECOND,
        FIRST,
        {"reason": "Entered twice"},
        at=at("referral-take-back", lambda world: world["cases"]["waiting"].reference),
    ),
    "case-reopen": Sending(SECOND, FIRST, {"reason": "Came back"}),
    "restaging-open": Sending(SECOND, FIRST, {"reason": "After FLOT"}),
    "finding-record": Sending(SECOND, BOTH, finding_entries),
    "finding-correct": Sending(SECOND, BOTH, {"reason": "Misread", "impression": "Left lobe only"}),
    "draft-save": Sending(
        STAYS,
        OWN,
        {"impression": "Half a"},
        at=lambda world: reverse("draft-save", args=[world["cases"]["waiting"].reference, "surgery"]),
        may_repeat=True,
    ),
    "report-read": Sending(STAYS, OWN, {"report_text": "One lesion of 15 mm in S3."}, writes=False, may_repeat=True),
    "report-file": Sending(STAYS, OWN, {"report_text": "One lesion of 15 mm in S3."}, writes=False, may_repeat=True),
    "draft-discard": Sending(SECOND, OWN),
    "assumption-confirm": Sending(
        SECOND,
        FIRST,
        lambda world: {"fact": "portal_thrombosis", "proposal": world["case"].latest_proposal.number},
        writes=False,  # this case rests on no assumption; tests/cases/test_confirm_assumption.py
    ),
    "psychosocial-write": Sending(STAYS, BOTH, {"text": "Lives alone."}),
    "psychosocial-open": Sending(MEANT, ADDED, {"reason": "On call, she asks for help"}),
    "emergency-access": Sending(
        MEANT,
        ADDED,
        lambda world: {"reference": world["case"].reference, "reason": "On call, bleeding"},
        by="neighbour",
    ),
    "case-follow-up": Sending(
        STAYS,
        ADDED,
        lambda world: {"happened_on": world["today"].isoformat(), "value": "surgery"},
        at=lambda world: f"{of_the_case(world, 'case-follow-up')}?kind=treatment",
    ),
    "follow-up-correct": Sending(SECOND, BOTH, {"text": "At the clinic", "reason": "Left out"}),
    "follow-up-retract": Sending(
        SECOND, FIRST, {"reason": "Another patient"}, page=at("case-follow-up", lambda world: world["case"].reference)
    ),
    # --- Meetings, agenda, series ---
    "meeting-plan": Sending(STAYS, ADDED, {"place": "Room 9"}),
    "meeting-change": Sending(SECOND, BOTH, {"place": "Room 9"}),
    "meeting-cancel": Sending(SECOND, OLD, {"reason": "Snow"}, at=at("meeting-cancel", lambda w: w["room"].reference)),
    "meeting-finish": Sending(
        STAYS,
        OLD,
        lambda world: {f"because_{world['items']['listed'].pk}": "time", f"to_{world['items']['listed'].pk}": "queue"},
        at=at("meeting-finish", lambda world: world["room"].reference),
    ),
    "meeting-follow": Sending(
        SECOND,
        OLD,
        lambda world: {"version": following(world).version},
        at=lambda world: reverse("meeting-follow", args=[following(world).reference]),
        before=left_alone,
    ),
    "meeting-reply": Sending(STAYS, ADDED, {"answer": "comes"}),
    "case-list": Sending(
        SECOND,
        FIRST,
        lambda world: {"case": world["cases"]["waiting"].reference, "planned_minutes": 6, "late_reason": "Urgent"},
    ),
    "case-unlist": Sending(SECOND, FIRST, {"reason": "Not ready"}, at=room("case-unlist", "listed", "room")),
    "reminder-ask": Sending(
        SECOND,
        NONE,
        {"discipline": "pathology"},
        page=lambda world: reverse("worklist"),
        at=of_case("reminder-ask", "bare"),
        before=nothing_known,
    ),
    "case-move": Sending(
        SECOND,
        FIRST,
        lambda world: {"to": world["deciding"].reference, "reason": "Not ready"},
        at=room("case-move", "listed", "room"),
    ),
    "agenda-order": Sending(
        SECOND,
        OLD,
        lambda world: {"move": f"{world['items']['open'].pk}:down", "version": version(world, "deciding")},
        at=at("agenda-order", lambda world: world["deciding"].reference),
    ),
    "agendas-plan": Sending(
        SECOND,
        OLD,
        {"do": "apply"},
        page=lambda world: f"{reverse('agendas-plan')}?team=gc",
        before=freed,
    ),
    "agendas-plan-undo": Sending(
        SECOND, FIRST, at=lambda world: reverse("agendas-plan-undo", args=[applied(world).pk]), before=apply_one
    ),
    "series-start": Sending(MEANT, ADDED, {"name": "Thursday board", "do": "save"}),
    "series-change": Sending(SECOND, BOTH, {"name": "The big board", "do": "save"}),
    "series-end": Sending(SECOND, OLD, {"reason": "Merged"}),
    "core-member-add": Sending(SECOND, FIRST, lambda world: {"person": world["everybody"].pk, "discipline": "surgery"}),
    "core-member-remove": Sending(SECOND, NONE),
    "deputy-add": Sending(SECOND, FIRST, lambda world: {"person": world["everybody"].pk}),
    "team-calendar": Sending(SECOND, BOTH, {"time_zone": "Europe/Berlin"}),
    "days-close": Sending(
        MEANT, ADDED, lambda world: {"first_on": days(world, 20), "last_on": days(world, 21), "label": "Congress"}
    ),
    "days-open": Sending(SECOND, NONE),
    "protocols": Sending(
        MEANT,
        ADDED,
        lambda world: {
            "pathway": "gclm",
            "protocol": world["protocol"].id,
            "digest": world["protocol"].digest,
            "owner": "Prof Wei",
            "password": PASSWORD,
        },
    ),
    "case-triage": Sending(
        SECOND,
        ADDED,
        lambda world: {"protocol": world["protocol"].id, "reason": "Fits"},
        at=room("case-triage", "lane", "lane_meeting"),
    ),
    "case-pull-back": Sending(SECOND, NONE, at=room("case-pull-back", "lane", "lane_meeting"), before=triaged),
    "case-pull-back-undo": Sending(
        SECOND, NONE, at=room("case-pull-back-undo", "lane", "lane_meeting"), before=pulled_back
    ),
    "standard-of-care": Sending(
        SECOND,
        FIRST,
        lambda world: {"do": "record", f"responsible-{world['items']['lane'].pk}": world["everybody"].pk},
        at=at("standard-of-care", lambda world: world["lane_meeting"].reference),
        before=triaged,
    ),
    # --- The room ---
    "attendance-mark": Sending(
        STAYS,
        ADDED,
        lambda world: {"person": surgeon(world).pk, "mark": "away"},
        at=at("attendance-mark", lambda world: world["room"].reference),
    ),
    "attendance-own": Sending(STAYS, ADDED, {"mark": "remote"}),
    "table-move": Sending(STAYS, ADDED, {"to": "break"}, at=at("table-move", lambda world: world["room"].reference)),
    "opinion-commit": Sending(
        STAYS, OWN, {"own-category": "I", "own-text": "Operable"}, at=room("opinion-commit", "listed", "room")
    ),
    "opinions-reveal": Sending(STAYS, NONE, {"without_reason": "Only for this test"},
                               at=room("opinions-reveal", "listed", "room")),
    "desk-draft": Sending(
        STAYS,
        OWN,
        lambda world: desk(world, "open", rationale="Half a"),
        at=room("desk-draft", "open"),
        may_repeat=True,
    ),
    "desk-draft-discard": Sending(STAYS, OWN, at=room("desk-draft-discard", "open"), before=drafted),
    "decision-record": Sending(SECOND, BOTH, lambda world: desk(world, "open"), at=room("decision-record", "open")),
    "decision-sign": Sending(
        SECOND,
        FIRST,
        {"version": 1, "dissents": 0, "password": PASSWORD},
        at=room("decision-sign", "unsigned"),
        page=room("room", "unsigned"),
    ),
    "decision-amend": Sending(SECOND, BOTH, {"amendment_reason": "A slip of the pen"}),
    "spoken-note": Sending(
        MEANT,
        ADDED,
        lambda world: {"spoken-who": world["everybody"].pk, "spoken-text": "Not before cytology"},
        at=room("spoken-note", "unsigned"),
    ),
    "spoken-take-back": Sending(
        SECOND, FIRST, at=room("spoken-take-back", "unsigned", "deciding", lambda world: world["spoken"].pk)
    ),
    "dissent-record": Sending(
        STAYS,
        ADDED,
        lambda world: {"dissent-version": 1, "dissent-reason": "Too early", "dissent-person": world["everybody"].pk},
        at=room("dissent-record", "unsigned"),
    ),
    "dissent-withdraw": Sending(
        SECOND, OWN, at=room("dissent-withdraw", "dissented", "deciding", lambda world: world["own"].pk)
    ),
    # --- After the meeting ---
    "outcome-release": Sending(STAYS, NONE),
    "outcome-told": Sending(STAYS, ADDED, {"note": "By telephone"}),
    "patient-page": Sending(STAYS, BOTH, {"language": "en", "ask": "Your doctor, 555", "release": "1"}),
    "implementation-report": Sending(STAYS, ADDED, {"status": "full"}),
    "implementation-quick": Sending(STAYS, ADDED, {"status": "full"}),
    "report-by-link": Sending(STAYS, ADDED, {"status": "full", "reporter_name": "Dr Bai", "reporter_contact": "555"}),
    "next-step-mark": Sending(STAYS, ADDED, {"mark": "done"}),
    "condition-postpone": Sending(SECOND, BOTH, lambda world: {"next_on": days(world, 9), "reason": "Scan is late"}),
    "condition-end": Sending(SECOND, FIRST, {"reason": "No longer"}),
    # --- Audit ---
    "learning-cluster": Sending(STAYS, ADDED, writes=False),  # names no cluster; tests/audit/test_learning.py
    "packs": Sending(MEANT, ADDED, lambda world: {"first_on": world["today"].isoformat(), "last_on": days(world, 5)}),
    "pack-ask": Sending(MEANT, ADDED),
    "pack-cancel": Sending(SECOND, NONE),
    "pack-delete": Sending(STAYS, NONE, before=made_pack),
    "replays": Sending(MEANT, ADDED),
    "replay-cancel": Sending(SECOND, NONE),
    "replay-resume": Sending(MEANT, NONE, before=ended_run),
    "annual-reports": Sending(STAYS, ADDED, {"period": "last"}),
    "research": Sending(MEANT, ADDED, writes=False, may_repeat=True),  # nothing decided long enough ago here
    "events-verify": Sending(MEANT, NONE),
    # --- Rules ---
    "rule-compare": Sending(MEANT, ADDED, writes=False),  # names no rule; tests/rulebook/test_compare_rule.py
    "rules-compare": Sending(STAYS, NONE, {"text": "x"}, writes=False),
    "rules-sign": Sending(SECOND, OLD, {"reason": "Read beside the paper", "password": PASSWORD}),
    "rules-suggestion-answer": Sending(
        SECOND, FIRST, {"state": "taken_up", "text": "In the next edition", "version": 0}
    ),
    # --- People ---
    "account": Sending(SECOND, BOTH, {"title": "Prof"}),
    "feed-make": Sending(MEANT, OWN, {"name": "tablet"}),
    "feed-revoke": Sending(STAYS, OWN),
    "password-change": Sending(
        SECOND, OWN, {"present": PASSWORD, "new": "another-horse-4711", "again": "another-horse-4711"}
    ),
    "second-factor-begin": Sending(MEANT, OWN, is_unlogged=True),
    "second-factor-confirm": Sending(SECOND, OWN, code_of_app, before=with_factor),
    "recovery-codes": Sending(MEANT, OWN, {"password": PASSWORD}, before=confirmed_factor),
    "second-factor-remove": Sending(STAYS, OWN, {"password": PASSWORD}, before=confirmed_factor),
    "session-revoke": Sending(SECOND, OWN),
    "sessions-revoke-others": Sending(STAYS, OWN),
    "unsent": Sending(STAYS, OWN, writes=False),
    "team-create": Sending(SECOND, FIRST, {"name": "Liver", "hospital": "Hospital GC", "code": "LV"}, by="founder"),
    "person-add": Sending(
        SECOND,
        FIRST,
        {"username": "newcomer", "name": "New Comer", "password": "a-first-One-4711", "roles": ["member"]},
    ),
    "member-add": Sending(SECOND, FIRST, {"username": "neighbour"}),
    "person-change": Sending(SECOND, BOTH, {"title": "Prof"}, page=person_page),
    "roles-change": Sending(SECOND, BOTH, {"roles": ["chair"]}, page=person_page),
    "password-set": Sending(MEANT, NONE, {"password": "a-first-One-4711"}, page=person_page),
    "person-deactivate": Sending(STAYS, NONE, page=person_page),
    "person-reactivate": Sending(STAYS, NONE, before=closed),
    "person-sessions-revoke": Sending(STAYS, NONE, before=signed_in_elsewhere),
    "person-second-factor-remove": Sending(STAYS, NONE, before=factor_of_surgeon),
    "person-unlink": Sending(STAYS, NONE, before=linked),
    # --- Privacy ---
    "erasure-ask": Sending(
        SECOND,
        FIRST,
        lambda world: {
            "reference": world["cases"]["open"].reference,
            "asked_by": "patient",
            "right": "gdpr-17",
            "text": "By letter.",
        },
    ),
    "erasure-decide": Sending(
        SECOND,
        FIRST,
        {"outcome": "refused", "exceptions": ["gdpr-17-3-b"], "reason": "The period runs."},
        at=at("erasure-decide", lambda world: world["undecided"].pk),
    ),
    "erasure-carry-out": Sending(
        SECOND,
        FIRST,
        lambda world: {"reference": world["cases"]["dissented"].reference, "password": PASSWORD},
        at=at("erasure-carry-out", lambda world: world["granted"].pk),
    ),
    "hold-place": Sending(
        SECOND, FIRST, lambda world: {"reference": world["cases"]["waiting"].reference, "reason": "A claim"}
    ),
    "hold-lift": Sending(SECOND, FIRST, {"reason": "Settled"}, at=at("hold-lift", lambda w: w["running_hold"].pk)),
    "rectified": Sending(
        SECOND,
        FIRST,
        {"reason": "The margin."},
        at=lambda world: reverse("rectified", args=[world["case"].reference]),
        page=lambda world: reverse("disclosures", args=[world["case"].reference]),
    ),
    "notice-answer": Sending(SECOND, FIRST, {"outcome": "told", "how": "By letter."}),
    # Sent empty here; filled in tests/privacy.
    "restriction-place": Sending(SECOND, FIRST, writes=False),
    "restriction-lift": Sending(SECOND, FIRST, writes=False),
    "restricted-open": Sending(MEANT, ADDED, writes=False),
    "patient-copy": Sending(MEANT, ADDED, writes=False, may_repeat=True),
    # --- Mail, help, sign-in ---
    "mail-all-read": Sending(STAYS, OWN, writes=False),  # but that one's own messages were read
    "mail-kinds": Sending(STAYS, OWN, {"kinds": ["reminder"]}),
    "message-try-again": Sending(MEANT, NONE),
    "tour-answer": Sending(STAYS, OWN, {"begin": "no"}),
    "set_language": Sending(STAYS, OWN, {"language": "zh-hans"}, writes=False, may_repeat=True),
    "sign-in": Sending(MEANT, OWN, {"username": "surgeon", "password": PASSWORD}, by="", may_repeat=True),
    "sign-in-code": Sending(STAYS, OWN, {"code": "000000"}, by="", writes=False, may_repeat=True),
    "sign-out": Sending(STAYS, OWN, writes=False, may_repeat=True),
}
"""Name of the address → what comes of it."""
