"""Database triggers: messages and what goes with them are never changed or deleted."""

from django.db import migrations

from mdt.events.guards import Guard


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_messages")]

    operations = [Guard("mail_message", "mail_enclosure")]
