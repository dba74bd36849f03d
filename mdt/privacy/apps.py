from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "mdt.privacy"
    label = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        from mdt.backup.afterwards import register
        from mdt.mail.retried import register_listener
        from mdt.privacy.actions import say_what_came_back
        from mdt.privacy.actions.notices import owe_late_notices

        register(say_what_came_back)
        register_listener(owe_late_notices)
