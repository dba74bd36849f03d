"""What was said about coming and what was sent is never changed; meetings with a video link were hybrid."""

from django.db import migrations

from mdt.events.guards import Guard


def name_mode(apps, editor):
    apps.get_model("meetings", "Meeting").objects.exclude(video_url="").update(mode="hybrid")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_series")]

    operations = [
        migrations.RunPython(name_mode, migrations.RunPython.noop),
        Guard("meetings_invitation", "meetings_reply"),
    ]
