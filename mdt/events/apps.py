from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "mdt.events"
    label = "events"
    verbose_name = _("Event log")

    def ready(self) -> None:
        """Every row that is written is to be named in the log; after a migration, with the columns there are now."""
        from mdt.events import rows
        from mdt.events.chain import name_new_shapes

        post_save.connect(rows.note_saved, dispatch_uid="events.saved")
        post_delete.connect(rows.note_deleted, dispatch_uid="events.deleted")
        post_migrate.connect(name_new_shapes, sender=self, dispatch_uid="events.shapes")
