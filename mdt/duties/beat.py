"""Beat whose clock may be set back."""

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):
    """Celery's scheduler, which goes on, a turn later, where the clock went back.

    Celery's own keeps, also over a restart, by the clock when it sent a message last and when the next one is due, and
    would wait until the clock shows that time again: a day long if it was a day ahead, and nothing would fall due.
    """

    def tick(self, *args, **kwargs) -> float:
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at and entry.last_run_at > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self.populate_heap()
        return super().tick(*args, **kwargs)
