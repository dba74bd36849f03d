"""The project: settings, URLs, Celery; and the rooms of the team's side (people, meetings, events, duties)."""

from mdt.celery import app as celery_app

__all__ = ["celery_app"]
