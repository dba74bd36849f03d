"""Database triggers: rows of these tables are never changed or deleted."""

from django.db import migrations

from mdt.events.guards import Guard


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [
        Guard(
            "meetings_attendancemark",
            "meetings_chosenoption",
            "meetings_decision",
            "meetings_dissent",
            "meetings_document",
            "meetings_nextstep",
            "meetings_signoff",
        )
    ]
