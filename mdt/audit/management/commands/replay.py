"""Another edition or reading over stored snapshots, at the command line: single cases with reasons, or all of them."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.actions.records import pack_missing_records
from cases.models import Case
from cases.replaying import Question, archive_of, facts_by_id, read_chunk, replay_proposal
from classification import FactError, RulebookError, load_rulebook
from classification.edition import Edition
from classification.replay import NotThere, Part, Replay, Says
from classification.replay_many import Row, Tally, replay_records
from mdt.audit.models import ReplayRun
from mdt.audit.replay import actions
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, can

CHUNK = actions.CHUNK


class Command(BaseCommand):
    """Reads only, unless --store: then the result is kept as a run, which the pages show. Bad input: one line, exit 1.

    Whoever may start this command may read every team's cases; the pages show a run to its own team.
    """

    help = "Ask another edition or reading about stored snapshots: what would change, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", nargs="*", metavar="REFERENCE", help="case numbers")
        parser.add_argument("--all", action="store_true", help="every case of the pathway, as a table of changes")
        parser.add_argument("--snapshots", action="store_true", help="earlier snapshots too, not only the newest")
        parser.add_argument("--pathway", default="", help="pathway for --all; without it the first one installed")
        parser.add_argument("--scheme", default="", help="for instance c-gclm; without it the leading scheme")
        parser.add_argument("--edition", default=None, help="for instance 2019; without it the latest")
        parser.add_argument("--reading", default=None, help="for instance A; without it the reading of the file")
        parser.add_argument("--rules", metavar="FOLDER", default=None, help="rule files from outside")
        parser.add_argument("--language", default="en", choices=["en", "zh-hans"], help="language of the reasons")
        parser.add_argument("--store", action="store_true", help="with --all: keep the result as a run of --team")
        parser.add_argument("--team", default="", help="code of the team: only its cases")
        parser.add_argument("--by", default="", metavar="USERNAME", help="with --store: in whose name")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["reference"]) == options["all"]:
            raise CommandError("Give case numbers, or --all.")
        try:
            if options["store"]:
                self._store(options)
            elif options["all"]:
                self._all(options)
            else:
                for reference in options["reference"]:
                    self._one(reference, options)
        except (NotThere, RulebookError, FactError) as error:
            raise CommandError(str(error)) from None

    def _question(self, pathway: str, options: dict[str, Any]) -> Question:
        if pathway not in load_rulebook().pathways:
            raise CommandError(f"no pathway {pathway!r}; there is {', '.join(load_rulebook().pathways)}")
        scheme = options["scheme"] or load_rulebook()[pathway].schemes[0]
        return Question(pathway, scheme, options["edition"], options["reading"], options["rules"])

    def _one(self, reference: str, options: dict[str, Any]) -> None:
        case = Case.objects.filter(reference=reference).first()
        if case is None:
            raise CommandError(f"There is no case {reference}.")
        question = self._question(case.pathway, options)
        proposals = case.proposals.order_by("number") if options["snapshots"] else [case.latest_proposal]
        for proposal in proposals:
            if proposal is None:
                self.stdout.write(f"{reference}: no proposal yet")
                continue
            self.stdout.write(f"{reference}, proposal {proposal.number}, asked {_name(question.asked)}")
            self._print(replay_proposal(proposal, question, options["language"]))

    def _print(self, replay: Replay) -> None:
        write = self.stdout.write
        for label, system in (("then", replay.before), ("now", replay.after)):
            if system is None:
                write(f"  {label}: not asked")
                continue
            possible, provisional = (" ".join(each) or "none" for each in _categories(system))
            write(f"  {label}: possible {possible}; provisional {provisional}")
        write("  changed" if replay.is_changed else "  unchanged")
        for part in replay.why:
            write(f"  {_component(part)}")
            write(f"    then: {_said(part.before)}")
            write(f"    now:  {_said(part.after)}")
        for label, remarks in (
            ("flag", replay.flags),
            ("missing fact", replay.missing),
            ("assumption", replay.assumptions),
        ):
            for sign, names in (("-", remarks.gone), ("+", remarks.new)):
                for name, text in names.items():
                    write(f"  {sign} {label} {name}: {text}")

    def _all(self, options: dict[str, Any]) -> None:
        question = self._question(options["pathway"] or next(iter(load_rulebook().pathways)), options)
        team = _team(options["team"]) if options["team"] else None
        while pack_missing_records(most=actions.PACKED_AT_ONCE):
            pass
        began, tally = time.perf_counter(), Tally()
        chunks = _chunks(question, team and team.pk, options["snapshots"])
        for _changed in replay_records(archive_of(question), chunks, facts_by_id, tally):
            pass
        self._table(_name(question.asked), tally, time.perf_counter() - began)

    def _store(self, options: dict[str, Any]) -> None:
        if not options["all"] or options["rules"]:
            raise CommandError("--store keeps a run with --all, and only by rules that are installed.")
        question = self._question(options["pathway"] or next(iter(load_rulebook().pathways)), options)
        person = User.objects.filter(username=options["by"]).first()
        if person is None:
            raise CommandError("Say with --by in whose name the run is kept: there is no such account.")
        team = _team(options["team"])
        if not can(person, Permission.RULES_REPLAY, team):
            # A run stands in the log under this name: nobody is named who could not have started it.
            raise CommandError(f"{person.username} may not replay in team {team.code}: choose another --by.")
        began = time.perf_counter()
        run = actions.start_replay(team=team, question=question, is_all_snapshots=options["snapshots"], by=person)
        while actions.carry_on(run_id=run.pk):
            pass
        run.refresh_from_db()
        if run.state != ReplayRun.State.DONE:
            raise CommandError(f"Run {run.pk} ended as {run.state}: {run.error}")
        tally = Tally(run.done, run.changed, run.irregular, run.refused)
        for part in ("possible", "provisional"):
            setattr(tally, part, Counter({(old, new): number for old, new, number in run.counts.get(part, [])}))
        self._table(f"{_name(question.asked)}, kept as run {run.pk}", tally, time.perf_counter() - began)

    def _table(self, name: str, tally: Tally, seconds: float) -> None:
        write = self.stdout.write
        unchanged = tally.cases - tally.changed - tally.refused
        write(f"{name}: {tally.cases} snapshots, {unchanged} unchanged, {tally.changed} changed")
        write(f"  {tally.irregular} answered from their facts, {tally.refused} refused, {seconds:.2f} s")
        for label, counter in (("possible", tally.possible), ("provisional", tally.provisional)):
            for (old, new), number in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])):
                if old != new:
                    write(f"  {label:12} {old or 'none'} -> {new or 'none'}: {number}")


def _chunks(question: Question, team_id: int | None, is_all_snapshots: bool) -> Iterator[list[Row]]:
    after = 0
    while rows := read_chunk(question, after=after, size=CHUNK, team_id=team_id, is_all_snapshots=is_all_snapshots):
        yield rows
        after = rows[-1][0]


def _team(code: str) -> Team:
    team = Team.objects.filter(code__iexact=code).first()
    if team is None:
        raise CommandError(f"There is no team {code!r}; give its code with --team.")
    return team


def _name(edition: Edition) -> str:
    reading = f", reading {edition.reading}" if edition.reading else ""
    return f"{edition.scheme} {edition.edition}{reading} ({edition.status})"


def _categories(system: Any) -> tuple[list[str], list[str]]:
    return system["possible"], system["provisional"]["possible"]


def _component(part: Part) -> str:
    return f"{part.label} [{part.id}]"


def _said(says: Says | None) -> str:
    if says is None:
        return "no such component"
    leaves = " ".join(says.provisional or says.possible)
    rule = f" [{says.rule}]" if says.rule else ""
    return f"{leaves}{rule} {says.text}"
