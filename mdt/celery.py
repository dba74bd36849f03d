"""The Celery application: workers and beat start with `celery -A mdt`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mdt.settings")

app = Celery("mdt")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["mdt.duties"])
