"""Database triggers: rows of these tables are never changed or deleted."""

from django.db import migrations

from mdt.events.guards import Guard


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0003_suggestions")]

    operations = [Guard("rulebook_suggestion", "rulebook_suggestionanswer")]
