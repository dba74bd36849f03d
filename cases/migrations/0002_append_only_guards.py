"""Database triggers: rows of these tables are never changed or deleted."""

from django.db import migrations

from mdt.events.guards import Guard


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [Guard("cases_finding", "cases_proposal")]
