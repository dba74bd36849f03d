"""Are these rule files sound? For the person who writes a pathway, before anybody else sees it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from classification import RulebookError, load_rulebook
from classification.examples import run_examples
from classification.rulebook import PathwayRules


class Command(BaseCommand):
    """Loads the rules and repeats their examples; names the first file and row that cannot be used. Exit 1 if any."""

    help = "Check a folder of rule files: load it, and repeat its examples."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", nargs="?", help="a pathway's folder, or one with several; else the installed rules"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rulebook = load_rulebook(options["folder"])
        except RulebookError as error:
            raise CommandError(str(error)) from None
        failed = sum(self._check(rules) for rules in rulebook.pathways.values())
        if failed:
            raise CommandError(f"{failed} of the answers in examples are not what the rules say")

    def _check(self, rules: PathwayRules) -> int:
        """Print what the pathway holds; returns how many answers of its examples failed."""
        pathway, failed = rules.pathway, 0
        self.stdout.write(
            f"{pathway.id}: {len(pathway.facts)} facts, {len(pathway.required)} required, "
            f"{len(list(rules.options))} options"
        )
        for edition in rules.editions:
            verdicts = run_examples(rules, edition)
            wrong = [verdict for verdict in verdicts if not verdict.has_passed]
            count = sum(len(component.rules) for component in edition.components)
            held = f"{len(verdicts) - len(wrong)} of {len(verdicts)} answers of examples hold"
            self.stdout.write(
                f"  {edition.file}: {count} rules, {edition.status}, {held if verdicts else 'no example'}"
            )
            for verdict in wrong:
                expected, got = (", ".join(answers) or "none" for answers in (verdict.expected, verdict.got))
                self.stdout.write(f"    {verdict.example}: {verdict.part} should be {expected}; the rules say {got}")
            failed += len(wrong)
        return failed
