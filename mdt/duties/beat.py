"""When beat sends its one message."""

from datetime import datetime

from celery.schedules import schedstate, schedule


class Every(schedule):
    """So many seconds after the last time, also where the clock went back meanwhile: Celery's own schedule would wait
    until the clock shows again what it showed at the last time, a day long if it was a day ahead.

    Only for a single entry: of several Celery asks the one that comes first by the clock they were put down with, and
    the others would wait all the same.
    """

    def is_due(self, last_run_at: datetime) -> schedstate:
        if self.maybe_make_aware(last_run_at) > self.maybe_make_aware(self.now()):
            return schedstate(is_due=True, next=self.seconds)
        return super().is_due(last_run_at)
