from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "mdt.meetings"
    label = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from mdt.mail.attachments import register_guard
        from mdt.mail.held import register_holder
        from mdt.meetings.outcome.restricted import refuse_restricted_files, that_have_to_wait

        register_guard(refuse_restricted_files)
        register_holder(that_have_to_wait)
