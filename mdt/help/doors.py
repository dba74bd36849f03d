"""Every page that search can lead a person to: with its name in both languages, and only those open to them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from mdt.people.models import User
from mdt.people.permissions import Permission, can_anywhere
from mdt.people.pinyin import with_keys


@dataclass(frozen=True)
class Door:
    """A page without a parameter: its name in the address list, what it is called, and the right that opens it."""

    page: str
    label: Promise
    icon: str
    needs: Permission | None = None

    @property
    def url(self) -> str:
        return reverse(self.page)

    def is_called(self, words: list[str]) -> bool:
        """Whether every word stands in the page's name, in one of the languages."""
        for language in ("en", "zh-hans"):
            with override(language):
                name = with_keys(str(self.label).lower())
            if all(word in name for word in words):
                return True
        return False


DOORS = (
    Door("queue", _("Queue"), "inbox", Permission.CASE_VIEW),
    Door("case-refer", _("Refer a case"), "plus-lg", Permission.CASE_REFER),
    Door("worklist", _("Worklist"), "card-checklist", Permission.CASE_VIEW),
    Door("worklist", _("Remind a discipline of missing facts"), "bell", Permission.FACTS_REMIND),
    Door("meetings", _("Meetings"), "people", Permission.MEETING_VIEW),
    Door("my-meetings", _("My meetings"), "calendar-check", Permission.MEETING_VIEW),
    Door("meeting-plan", _("Plan a meeting"), "calendar-plus", Permission.MEETING_PLAN),
    Door("agendas-plan", _("Plan the agendas"), "list-ol", Permission.MEETING_PLAN),
    Door("next-steps", _("Next steps"), "list-check", Permission.CASE_VIEW),
    Door("follow-up", _("Follow-up"), "clipboard2-pulse", Permission.CASE_VIEW),
    Door("rules", _("Pathways"), "diagram-3"),
    Door("audit", _("Audit"), "graph-up", Permission.AUDIT_VIEW),
    Door("audit-indicators", _("Indicators"), "speedometer2", Permission.AUDIT_VIEW),
    Door("audit-pictures", _("Pictures"), "bar-chart", Permission.AUDIT_VIEW),
    Door("audit-survival", _("Survival"), "activity", Permission.AUDIT_VIEW),
    Door("annual-reports", _("Annual reports"), "file-earmark-pdf", Permission.AUDIT_VIEW),
    Door("events", _("Event log"), "journal-text", Permission.EVENT_VIEW),
    Door("teams", _("Teams"), "person-gear", Permission.TEAM_MANAGE),
    Door("mail", _("Mailbox"), "bell"),
    Door("account", _("My account"), "person"),
    Door("calendar-feeds", _("Meetings in my calendar"), "calendar3"),
    Door("emergency-access", _("Emergency access"), "exclamation-triangle", Permission.FINDING_RECORD),
    Door("help", _("Help"), "question-circle"),
    Door("glossary", _("Glossary"), "book"),
)


def doors_of(user: User, words: list[str]) -> list[Door]:
    """The pages open to this person whose name holds every word."""
    return [
        door
        for door in DOORS
        if (door.needs is None or can_anywhere(user, door.needs) or (door.page == "teams" and user.is_superuser))
        and door.is_called(words)
    ]
