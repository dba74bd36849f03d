"""Plays the scenario: people sign up, refer, record, meet, decide and sign, on the days that the scenario names.

Every row is written by the actions that the pages use, so the demonstration shows nothing that the system cannot do.
"""

import json
import tomllib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from cases import actions as case_actions
from cases.forms.report_words import behind
from cases.models import Case, Restaging
from cases.reasoning import pathway_of
from mdt.demo import calendar, reports
from mdt.demo.aftermath import aftermath
from mdt.demo.clock import Clock
from mdt.demo.desk import commit_opinions, content_parts, disagree, note_spoken, open_table
from mdt.demo.rights import rights
from mdt.demo.room import come_in, discuss
from mdt.demo.words import Words
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings import actions as meeting_actions
from mdt.meetings.actions import chasing
from mdt.meetings.actions.content import Choice, Content, Step
from mdt.meetings.actions.sending import send_outcome
from mdt.meetings.calendar import actions as calendar_actions
from mdt.meetings.chasing.needs import needed
from mdt.meetings.models import AgendaItem, Meeting, Release
from mdt.meetings.outcome.finish_page import usual_end
from mdt.people.models import Membership, Team, User

HERE = Path(__file__).parent
INVENTED = "Invented for the demonstration; not part of the published report."
STARTS = time(14, 0)
CUT_OFF = timedelta(days=2)


class Play:
    """One playing of the scenario, counted from `today`."""

    def __init__(self, *, password: str, today: date | None = None):
        self.words = Words(settings.LANGUAGE_CODE)
        self.scenario = self.words.throughout(tomllib.loads((HERE / "scenario.toml").read_text(encoding="utf-8")))
        self.today = today or timezone.localdate()
        self.password_hash = make_password(password)  # once: it is meant to be slow, and they all share it
        self.clock = Clock()
        self.teams: dict[str, Team] = {}
        self.people: dict[str, User] = {}
        self.meetings: dict[str, Meeting] = {}
        self.cases: dict[str, Case] = {}
        self.items: list[tuple[dict, AgendaItem]] = []

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, at: time = time(9, 0)) -> datetime:
        return timezone.make_aware(datetime.combine(self.day(offset), at))

    def perform(self) -> None:
        """Everything in the order of its days. Call it in one transaction."""
        earliest = min(entry["referred"] for entry in self.scenario["case"])
        with self.clock.at(self.moment(min(earliest - 20, -60))):
            self._people()
        steps: list[tuple[datetime, Callable[[], None]]] = [(self.moment(-45), self._plan_meetings)]
        for entry in self.scenario["case"]:
            recorded = entry.get("invented_day", entry["referred"])
            if "restaging" in entry:
                recorded = entry["restaging"]["day"]
                steps.append((self.moment(recorded, time(9, 30)), partial(self._restage, entry)))
            steps.append((self.moment(entry["referred"], time(9, 0)), partial(self._refer, entry)))
            added = entry.get("invented_day", entry["referred"])
            steps.append((self.moment(added, time(10, 0)), partial(self._add_invented, entry)))
            if "meeting" in entry:
                steps.append((self.moment(recorded, time(11, 0)), partial(self._list, entry)))
        steps += [
            (self.moment(plan["day"], STARTS), partial(self._hold, plan))
            for plan in self.scenario["meeting"]
            if plan["day"] < 0
        ]
        steps += aftermath(self)
        steps += rights(self)
        steps.append((self.moment(0, time(0, 1)), self._answer))
        for moment, step in sorted(steps, key=lambda pair: pair[0]):
            with self.clock.at(moment):
                step()
        with self.clock.at(self.moment(0, time(7, 10))):
            self._remind()

    def _remind(self) -> None:
        """What a worker does in the morning: whoever is asked for something finds it in their mailbox."""
        now = timezone.now()
        for case in Case.objects.open().select_related("team").order_by("pk"):
            chasing.follow_readiness(case=case, now=now)
            for discipline in needed(case):
                chasing.remind_discipline(case=case, discipline=discipline, now=now)
        for person in self.people.values():
            chasing.send_digest(person=person, now=now)

    # --- people ---------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        for entry in self.scenario["team"]:
            team = Team.objects.create(**entry)
            self.teams[team.code] = team
            record(Kind.TEAM_CREATED, by=None, team=team, subject=team)
        for entry in self.scenario["person"]:
            fields = {name: value for name, value in entry.items() if name not in ("roles", "team")}
            roles, team = entry["roles"], self.teams[entry["team"]]
            person = User.objects.create(**fields, password=self.password_hash)
            self.people[person.username] = person
            record(Kind.PERSON_ADDED, by=None, team=team, subject=person, username=person.username)
            for role in roles:
                membership = Membership.objects.create(team=team, user=person, role=role)
                record(Kind.MEMBER_ADDED, by=None, team=team, subject=membership, role=role)

    def _person(self, team: str, discipline: str) -> User:
        """Who records for a discipline: its member in the team, else the coordinator on its behalf."""
        of_team = [self.people[entry["username"]] for entry in self.scenario["person"] if entry["team"] == team]
        for wanted in (discipline, "coordination", "surgery"):
            for person in of_team:
                if person.discipline == wanted:
                    return person
        raise LookupError(f"nobody in team {team} can record")

    # --- meetings -------------------------------------------------------------------------------------------------

    def _start_series(self) -> None:
        entry = self.scenario["series"]
        team = self.teams[entry["team"]]
        self.series = calendar.start(
            entry,
            team=team,
            people=self.people,
            first=self.day(entry["first"]),
            begins_at=STARTS,
            by=self._person(team.code, "coordination"),
        )

    def _answer(self) -> None:
        """The series' meetings of the weeks ahead as the worker makes them, a closed day, and some answers."""
        entry = self.scenario["series"]
        calendar_actions.tend_series(series=self.series)
        coordinator = self._person(entry["team"], "coordination")
        calendar.close(entry["closed"], team=self.series.team, today=self.today, by=coordinator)
        for reply in entry["reply"]:
            calendar.answer(reply, series=self.series, people=self.people, today=self.today)

    def _plan_meetings(self) -> None:
        for plan in self.scenario["meeting"]:
            if "series" in plan:
                self._start_series()
                self.meetings[plan["id"]] = self._in_series(plan)
                continue
            starts_at = self.moment(plan["day"], STARTS)
            team = plan["team"]
            self.meetings[plan["id"]] = meeting_actions.plan_meeting(
                team=self.teams[team],
                by=self._person(team, "coordination"),
                starts_at=starts_at,
                cut_off_at=starts_at - CUT_OFF,
                minutes_available=60,
                place=plan["place"],
                chair=self._chair(team),
                opinions_first=plan.get("opinions_first"),
            )

    def _in_series(self, plan: dict) -> Meeting:
        """The meeting of that day, which the series has made; it may ask for opinions first."""
        meeting = self.series.meetings.get(planned_for=self.day(plan["day"]))
        if "opinions_first" not in plan:
            return meeting
        return meeting_actions.change_meeting(
            meeting=meeting,
            by=self._person(plan["team"], "coordination"),
            version=meeting.version,
            opinions_first=plan["opinions_first"],
        )

    def _chair(self, team: str) -> User:
        return self.people["chair" if team == "gc" else "outsider"]

    # --- cases ----------------------------------------------------------------------------------------------------

    def _refer(self, entry: dict) -> None:
        """The referral, and what the published report states, each fact from the discipline that owns it."""
        published = json.loads((HERE / "published" / f"{entry['published']}.json").read_text(encoding="utf-8"))
        team = self.teams[entry["team"]]
        number = int(entry["published"].removeprefix("PUB"))
        case = case_actions.refer_case(
            team=team,
            by=self._person(team.code, "coordination"),
            hospital_number=f"000 4{number:03}",
            name=entry["name"],
            born_on=date(self.today.year - entry["age"] - 1, 12, 28) + timedelta(days=number % 3),
            sex=entry["sex"],
            question=self.words.of(published["question"]),
            reason="recurrence" if published["facts"].get("timing") == "metachronous" else "new",
            summary="\n".join(self.words.of(published[part]) for part in ("summary", "history") if part in published),
            citation=f"{published['citation']}, {published['doi_or_url']}"[:400],
            referrer=str(self._person(team.code, "oncology")),
            referrer_email=entry.get("referrer_email", ""),
            urgency=entry.get("urgency", "routine"),
            target_on=self.day(entry["target"]),
            referred_on=self.day(entry["referred"]),
        )
        self.cases[entry["published"]] = case
        only = entry.get("only")
        for discipline, facts in self._by_owner(case.pathway, published["facts"]).items():
            if only is None or discipline in only:
                self._record(case, discipline, facts, self.day(entry.get("examined", entry["referred"])), "")

    def _add_invented(self, entry: dict) -> None:
        """Findings that are not in the report, so that cases of every state can be shown; each says so."""
        examined_on = self.day(entry.get("examined", entry.get("invented_day", entry["referred"])))
        for discipline, facts in entry.get("invented", {}).items():
            text = entry.get("reports", {}).get(discipline, "").strip()
            self._record(
                self.cases[entry["published"]],
                discipline,
                self._dated(facts),
                examined_on,
                self.words.of(INVENTED),
                text=text,
            )
        if "pasted" in entry:
            case, script = self.cases[entry["published"]], entry["pasted"]
            reports.paste(script, case=case, by=self._person(case.team.code, script["discipline"]))

    def _restage(self, entry: dict) -> None:
        """The disease after treatment: what the report goes on to say, and what is invented around it."""
        case, script = self.cases[entry["published"]], entry["restaging"]
        on = self.day(script["day"])
        restaging = case_actions.open_restaging(
            case=case, by=self._person(case.team.code, "oncology"), on=on, reason=script["reason"]
        )
        for kind, impression in (("published", ""), ("invented", self.words.of(INVENTED))):
            for discipline, facts in script.get(kind, {}).items():
                self._record(case, discipline, self._dated(facts), on, impression, restaging=restaging)

    def _list(self, entry: dict) -> None:
        case = self.cases[entry["published"]]
        case.refresh_from_db()
        item = meeting_actions.list_case(
            meeting=self.meetings[entry["meeting"]],
            case=case,
            by=self._person(case.team.code, "coordination"),
            planned_minutes=6,
            late_reason="" if case.is_ready else entry.get("late_reason", ""),
        )
        self.items.append((entry, item))
        commit_opinions(self, entry.get("opinions", []), item)

    @staticmethod
    def _by_owner(pathway: str, facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The published facts, each to the discipline that is asked for it."""
        owned: dict[str, dict[str, Any]] = {}
        vocabulary = pathway_of(pathway).facts
        for fact, value in facts.items():
            owned.setdefault(vocabulary[fact].owners[0], {})[fact] = value
        return owned

    def _dated(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Dates in the scenario are day offsets."""
        return {fact: self.day(value).isoformat() if fact.endswith("_on") else value for fact, value in facts.items()}

    def _record(
        self,
        case: Case,
        discipline: str,
        facts: dict,
        examined_on: date,
        impression: str,
        restaging: Restaging | None = None,
        text: str = "",
    ) -> None:
        case_actions.record_finding(
            case=case,
            by=self._person(case.team.code, discipline),
            discipline=discipline,
            facts=facts,
            examined_on=min(examined_on, timezone.localdate()),
            impression=impression,
            restaging=restaging,
            report_text=text,
            quoted=behind(text, facts, pathway_of(case.pathway).facts),
        )

    # --- holding a meeting ------------------------------------------------------------------------------------------

    def _hold(self, plan: dict) -> None:
        meeting, chair = self.meetings[plan["id"]], self._chair(plan["team"])
        come_in(self, meeting, chair)
        for entry, item in self.items:
            if entry["meeting"] == plan["id"] and "decision" in entry:
                discuss(self, item, chair)
                self._decide(entry["decision"], item, chair)
        meeting.refresh_from_db()
        onward, signers = usual_end(meeting)
        meeting_actions.finish_meeting(
            meeting=meeting, by=chair, version=meeting.version, onward=onward, signers=signers
        )
        for release in Release.objects.filter(decision__meeting=meeting):
            send_outcome(release=release)  # as the worker would have, that day

    def _decide(self, script: dict, item: AgendaItem, chair: User) -> None:
        item.refresh_from_db()
        open_table(self, script, item, chair)
        proposal = item.case.latest_proposal
        offered = {option["id"] for option in proposal.outcome["en"]["options"]}
        category = script["category"]
        if category == "proposed":
            category = proposal.types_provisional.split()[0]
        content = Content(
            category=category,
            reason=script.get("reason", ""),
            reason_text=script.get("reason_text", ""),
            options=[Choice(option) for option in script["options"] if option in offered],
            intent=script["intent"],
            conditions=script.get("conditions", ""),
            rationale=script["rationale"],
            responsible=self.people[script["responsible"]],
            next_steps=[
                Step(
                    entry["what"],
                    self.people[entry["owner"]],
                    timezone.localdate() + timedelta(days=entry["days"]),
                )
                for entry in script["next_steps"]
            ],
            quorum_reason=self.words.of("The members present cover the question of this case."),
            **content_parts(script, item, offered),
        )
        note_spoken(self, script, item, self.people["coordinator"])
        decision = meeting_actions.record_decision(item=item, by=chair, proposal=proposal, content=content)
        disagree(self, script, decision)
        if script["signed"]:
            meeting_actions.sign_decision(decision=decision, by=chair)
