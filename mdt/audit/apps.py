from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "mdt.audit"
    label = "audit"
    verbose_name = _("Event log pages")

    def ready(self) -> None:
        """Reports stand in the timeline of their case, which the meetings show."""
        from mdt.audit.followup import course  # noqa: F401 - registers itself
        from mdt.audit.followup.checks import actions  # noqa: F401 - follows releases
        from mdt.audit.outcomes import timeline  # noqa: F401 - so does what became of the patient
