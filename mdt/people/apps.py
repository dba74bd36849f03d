from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "mdt.people"
    label = "people"
    verbose_name = _("People and teams")

    def ready(self) -> None:
        from mdt.people import checks, sign_in_log  # noqa: F401  (checks; sign-in signals to the event log)
