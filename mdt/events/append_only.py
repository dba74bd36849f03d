"""Rows that are written once. Python refuses to change them here; the database refuses through mdt.events.guards."""

from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that is written once."""


class AppendOnlyQuerySet(models.QuerySet):
    """A query set that reads and adds, and refuses everything else."""

    def update(self, **fields):
        raise AppendOnlyError(f"{self.model.__name__} rows are written once: add a new row instead.")

    def delete(self):
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted.")

    def bulk_create(self, objs, *args, **kwargs):
        """Rows that are written together are named in the log like any others."""
        from mdt.events.rows import note

        rows = super().bulk_create(objs, *args, **kwargs)
        for row in rows:
            note(self.model, row.pk)
        return rows

    def bulk_update(self, *args, **kwargs):
        raise AppendOnlyError(f"{self.model.__name__} rows are written once: add a new row instead.")


class AppendOnly(models.Model):
    """Base of every record that must never be overwritten. Raises AppendOnlyError on a second save and on delete."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} {self.pk} is written once: add a new row instead.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{type(self).__name__} {self.pk} is never deleted.")
