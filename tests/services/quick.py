"""The installation's Celery application, with beat at work every second: `-A tests.services.quick`."""

from mdt.celery import app

app.conf.beat_sync_every = 1  # keeps its schedule on the disk after each message, else every three minutes
app.conf.beat_schedule = {name: entry | {"schedule": 1.0} for name, entry in app.conf.beat_schedule.items()}
