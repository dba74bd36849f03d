"""What a case's provisional type assumes waits for the discipline that can confirm it: also in the cases there already."""

from django.db import migrations, models

from cases.packing import unpacked_in
from cases.reasoning import item_sources, owners_of

BATCH = 200
OPEN = ("referred", "listed")


def fill(apps, schema_editor) -> None:
    """As cases.actions.projection does it for a new proposal."""
    alias = schema_editor.connection.alias
    Case, Proposal, Waiting = (apps.get_model("cases", name) for name in ("Case", "Proposal", "Waiting"))
    cases = Case.objects.using(alias).filter(state__in=OPEN, is_restricted=False).order_by("pk")
    last, batch = 0, list(cases[:BATCH])
    while batch:
        for case in batch:
            last = case.pk
            proposal = Proposal.objects.using(alias).filter(case=case).order_by("-number").first()
            if proposal is None:
                continue
            case.to_confirm = _to_confirm(case, proposal)
            case.save(using=alias, update_fields=["to_confirm"])
            waited_for = set(
                Waiting.objects.using(alias).filter(case=case, what="facts").values_list("whom", flat=True)
            )
            rows: dict[str, list[str]] = {}
            for fact in [] if case.is_sealed else case.to_confirm:
                for owner in set(owners_of(case.pathway, fact)) - waited_for:
                    rows.setdefault(owner, []).append(fact)
            Waiting.objects.using(alias).bulk_create(
                Waiting(
                    case=case, team_id=case.team_id, whom=whom, what="confirming", facts=facts, target_on=case.target_on
                )
                for whom, facts in rows.items()
            )
        batch = list(cases.filter(pk__gt=last)[:BATCH])


def _to_confirm(case, proposal) -> list[str]:
    answer = unpacked_in(proposal.outcome_packed, "en") if proposal.outcome_packed else proposal.outcome_plain["en"]
    open_items = (item["fact"] for item in proposal.readiness if item["state"] not in ("known", "disputed"))
    asked = {fact for item in open_items for fact in item_sources(case.pathway, item)}
    assumed = answer["systems"][proposal.system]["provisional"]["assumptions"]
    return [entry["fact"] for entry in assumed if entry["fact"] not in asked and entry["fact"] not in proposal.facts]


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_closed_as_mistake")]

    operations = [
        migrations.AddField(
            "case",
            "to_confirm",
            models.JSONField(
                default=list,
                help_text="Facts that the provisional type assumes and that no required item asks for, by effect.",
            ),
        ),
        migrations.AlterField(
            "waiting",
            "what",
            models.CharField(
                choices=[
                    ("facts", "findings are missing"),
                    ("confirming", "an assumption waits to be confirmed"),
                    ("listing", "ready for an agenda"),
                    ("signature", "decision waits for the chair"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
