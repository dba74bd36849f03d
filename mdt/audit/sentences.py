"""Lines of the event log in words. The person stands before the sentence, the case behind it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from cases.actions import DETAILS
from cases.correction_reasons import reason_in_words
from cases.models import Case, Patient, Urgency
from cases.templatetags.cases_display import type_marks
from mdt.audit.models import FollowUpEvent, ImplementationReport
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.kinds import Kind as MessageKind
from mdt.meetings import agenda_paper, one_page
from mdt.meetings.calendar import rules
from mdt.meetings.models import Decision, Document, Invitation, Meeting, Reply, Series, Sitting, TeamCalendar, Told
from mdt.people.disciplines import Discipline
from mdt.people.joining import listed
from mdt.people.models import Role, SignIn, Team
from mdt.people.templatetags.looks import day
from mdt.rulebook.models import Judgement, SuggestionAnswer

SENTENCES: dict[str, Promise] = {
    Kind.SIGNED_IN: _("signed in"),
    Kind.SIGN_IN_LOCKED: _("sign-in of %(username)s is locked for a while"),
    Kind.SIGNED_OUT: _("signed out"),
    Kind.SESSION_TIMED_OUT: _("session of %(username)s ran out: %(ending)s"),
    Kind.SESSION_REVOKED: _("ended sessions of %(username)s: %(count)s"),
    Kind.SECOND_FACTOR_ADDED: _("set up a second factor for %(username)s"),
    Kind.SECOND_FACTOR_REMOVED: _("removed the second factor of %(username)s"),
    Kind.SIGN_ON_LINKED: _("linked %(username)s to the hospital sign-on"),
    Kind.SIGN_ON_UNLINKED: _("unlinked %(username)s from the hospital sign-on"),
    Kind.RECOVERY_CODES_MADE: _("made recovery codes for %(username)s"),
    Kind.RECOVERY_CODE_USED: _("used a recovery code of %(username)s; %(left)s are left"),
    Kind.TEAM_CREATED: _("created the team %(code)s"),
    Kind.PERSON_ADDED: _("made an account for %(username)s"),
    Kind.PERSON_CHANGED: _("changed the account %(username)s: %(changed)s"),
    Kind.MEMBER_ADDED: _("gave %(username)s the roles: %(roles)s"),
    Kind.MEMBER_REMOVED: _("took from %(username)s the roles: %(roles)s"),
    Kind.CASE_REFERRED: _("referred the case, %(urgency)s, to be discussed by %(target_on)s"),
    Kind.CASE_OPENED_IN_EMERGENCY: _("opened the case of another team in an emergency for %(hours)s hours: %(reason)s"),
    Kind.EMERGENCY_REFUSED: _("asked in vain for emergency access to a case"),
    Kind.CASE_OPENED: _("opened the case: %(page)s"),
    Kind.REFERRAL_CHANGED: _("changed the referral: %(after)s"),
    Kind.PATIENT_CORRECTED: _("corrected the patient's details (%(fields)s): %(reason)s"),
    Kind.CASE_CLOSED: _("closed the case: %(reason)s"),
    Kind.CASE_REOPENED: _("brought the case back to the queue: %(reason)s"),
    Kind.REMINDER_ASKED: _("had %(discipline)s reminded of missing facts (%(facts)s): %(people)s"),
    Kind.DRAFT_SAVED: _("began a draft for %(discipline)s"),
    Kind.DRAFT_DISCARDED: _("discarded a draft for %(discipline)s"),
    Kind.FINDING_RECORDED: _("recorded findings for %(discipline)s (%(facts)s)"),
    Kind.FINDING_CORRECTED: _("corrected a finding (%(facts)s): %(reason)s"),
    Kind.ASSUMPTION_CONFIRMED: _("confirmed an assumption: %(fact)s = %(value)s"),
    Kind.RESTAGING_OPENED: _("opened restaging %(number)s from %(started_on)s: %(reason)s"),
    Kind.PROPOSAL_MADE: _("caused proposal %(number)s, possible: %(possible)s"),
    Kind.READINESS_RECHECKED: _("checked readiness again: something changed"),
    Kind.MEETING_PLANNED: _("planned the meeting %(meeting)s"),
    Kind.MEETING_CHANGED: _("changed the meeting %(meeting)s: %(after)s"),
    Kind.MEETING_OPENED: _("opened the meeting %(meeting)s"),
    Kind.MEETING_CLOSED: _("closed the meeting %(meeting)s"),
    Kind.MEETING_CANCELLED: _("cancelled the meeting %(meeting)s: %(reason)s"),
    Kind.SERIES_STARTED: _("started the series %(series)s: %(rule)s at %(begins_at)s"),
    Kind.SERIES_CHANGED: _("changed the series %(series)s: %(after)s"),
    Kind.SERIES_ENDED: _("ended the series %(series)s: %(reason)s"),
    Kind.CORE_MEMBER_ADDED: _("lets %(username)s be asked to the meetings of %(series)s, %(discipline)s"),
    Kind.CORE_MEMBER_REMOVED: _("no longer lets %(username)s be asked to the meetings of %(series)s, %(discipline)s"),
    Kind.REPLY_GIVEN: _("answer of %(username)s for %(meeting)s: %(answer)s"),
    Kind.CALENDAR_CHANGED: _("set the clock and the holidays of the team: %(after)s"),
    Kind.DAYS_CLOSED: _("closed %(first_on)s to %(last_on)s for meetings: %(label)s"),
    Kind.DAYS_OPENED: _("opened %(first_on)s to %(last_on)s for meetings again: %(label)s"),
    Kind.INVITATION_SENT: _("sent %(username)s the invitation to %(meeting)s: %(method)s"),
    Kind.FEED_MADE: _("made a calendar address"),
    Kind.FEED_REVOKED: _("revoked a calendar address"),
    Kind.CASE_LISTED: _("put the case on the agenda of %(meeting)s"),
    Kind.CASE_UNLISTED: _("took the case off the agenda of %(meeting)s: %(reason)s"),
    Kind.AGENDAS_PLANNED: _(
        "applied a plan of agendas, cases: %(cases)s, at most %(percent)s %% from the best possible"
    ),
    Kind.PLAN_UNDONE: _("undid the plan of agendas %(plan)s"),
    Kind.PROTOCOL_SIGNED: _("signed the protocol %(protocol)s, version %(version)s; %(owner)s answers for it"),
    Kind.PROTOCOL_WITHDRAWN: _("withdrew the protocol %(protocol)s, version %(version)s"),
    Kind.CASE_TRIAGED: _("triaged the case to standard of care (%(protocol)s %(version)s) in %(meeting)s: %(reason)s"),
    Kind.CASE_PULLED_BACK: _("pulled the case back to discussion in %(meeting)s"),
    Kind.PULL_BACK_UNDONE: _("undid pulling the case back in %(meeting)s"),
    Kind.AGENDA_ORDERED: _("reordered the agenda of %(meeting)s"),
    Kind.ATTENDANCE_MARKED: _("marked attendance in %(meeting)s, %(discipline)s"),
    Kind.ATTENDANCE_TAKEN_BACK: _("took back a mark of attendance in %(meeting)s"),
    Kind.TABLE_MOVED: _("brought to the table of %(meeting)s: %(on_table)s"),
    Kind.DECISION_RECORDED: _("recorded decision %(version)s in %(meeting)s: %(verdict)s"),
    Kind.DECISION_SIGNED: _("signed decision %(version)s of %(meeting)s"),
    Kind.DECISION_AMENDED: _("amended the decision of %(meeting)s, now version %(version)s: %(verdict)s"),
    Kind.SIGNATURE_ASKED: _("left the decision of %(meeting)s unsigned and asked %(person)s to sign"),
    Kind.OUTCOME_RELEASED: _("released the outcome of %(meeting)s, version %(version)s"),
    Kind.OUTCOME_SENT: _("wrote about the outcome of %(meeting)s, version %(version)s, recipients: %(count)s"),
    Kind.OUTCOME_TOLD: _("noted that %(whom)s was told on %(told_on)s"),
    Kind.PATIENT_PAGE_RELEASED: _("released a page for the patient, %(language)s"),
    Kind.STEP_DONE: _("said that a next step is done: %(what)s"),
    Kind.STEP_REOPENED: _("opened a next step again: %(what)s. %(reason)s"),
    Kind.IMPLEMENTATION_REPORTED: _("reported what became of the decision of %(meeting)s: %(status)s"),
    Kind.FOLLOW_UP_RECORDED: _("reported of the patient's course: %(follow_up)s, %(happened_on)s"),
    Kind.FOLLOW_UP_CORRECTED: _("corrected the patient's course: %(follow_up)s, %(happened_on)s. %(reason)s"),
    Kind.FOLLOW_UP_RETRACTED: _("took back of the patient's course: %(follow_up)s, %(happened_on)s"),
    Kind.DECISION_DRAFTED: _("began to write the decision in %(meeting)s"),
    Kind.OPINION_COMMITTED: _("committed an opinion in %(meeting)s for %(discipline)s"),
    Kind.OPINIONS_REVEALED: _("opened the opinions and the proposal in %(meeting)s"),
    Kind.SPOKEN_NOTED: _("noted what was said in %(meeting)s"),
    Kind.SPOKEN_TAKEN_BACK: _("took back a note of what was said in %(meeting)s"),
    Kind.DISSENT_RECORDED: _("recorded a dissent to decision %(version)s of %(meeting)s"),
    Kind.DISSENT_WITHDRAWN: _("withdrew a dissent to decision %(version)s of %(meeting)s"),
    Kind.CONDITION_DUE: _("brought the case back: a condition fell due on %(look_on)s"),
    Kind.CONDITION_POSTPONED: _("put a condition off to %(next_on)s: %(reason)s"),
    Kind.CONDITION_ENDED: _("ended a condition: %(reason)s"),
    Kind.DOCUMENT_MADE: _("made a document: %(document)s, %(language)s"),
    Kind.DOCUMENT_OPENED: _("opened a document: %(document)s, %(language)s"),
    Kind.EVENTS_VIEWED: _("read the event log"),
    Kind.EVENTS_EXPORTED: _("exported the event log"),
    Kind.EVENTS_VERIFIED: _("checked the chain of the event log, lines: %(checked)s"),
    Kind.BACKUP_MADE: _("made the backup %(file)s and read it again: log to line %(line)s"),
    Kind.BACKUP_RESTORED: _("restored the backup %(file)s of %(made_at)s: log to line %(line)s"),
    Kind.ERASURE_ASKED: _("asked that a patient be erased: order %(order)s"),
    Kind.ERASURE_DECIDED: _("decided on the erasure of a patient: order %(order)s"),
    Kind.PATIENT_ERASED: _("erased a patient by order %(order)s"),
    Kind.HOLD_PLACED: _("placed a legal hold: %(reason)s"),
    Kind.HOLD_LIFTED: _("lifted a legal hold: %(reason)s"),
    Kind.RESTRICTION_PLACED: _("restricted the processing of the patient's data: %(reason)s"),
    Kind.RESTRICTION_LIFTED: _("lifted a restriction of processing: %(reason)s"),
    Kind.RESTRICTED_OPENED: _("opened restricted data to read them: %(reason)s"),
    Kind.COPY_HANDED_OUT: _("handed out a copy of the patient's data: %(reason)s"),
    Kind.NOTICES_OWED: _("put down who is to be told of it: %(count)s"),
    Kind.NOTICE_ANSWERED: _("said what became of a notice to a recipient, %(on)s"),
    Kind.PATIENT_LOOKED_UP: _("looked a patient up for the privacy office"),
    Kind.NOTE_WRITTEN: _("wrote a psychosocial note"),
    Kind.NOTES_OPENED: _("opened the psychosocial notes: %(reason)s"),
    Kind.ROWS_NAMED: _("named with a digest rows that no line had named: %(count)s"),
    Kind.RULE_COMPARED: _("compared a rule of %(scheme)s %(edition)s with the paper: %(finding)s"),
    Kind.EDITION_REVIEWED: _("signed the rules %(scheme)s %(edition)s as reviewed: %(reason)s"),
    Kind.EDITION_RETURNED: _("sent the rules %(scheme)s %(edition)s back to draft: %(reason)s"),
    Kind.EDITION_APPROVED: _("approved the rules %(scheme)s %(edition)s: %(reason)s"),
    Kind.EDITION_RETIRED: _("retired the rules %(scheme)s %(edition)s: %(reason)s"),
    Kind.REPLAY_STARTED: _("asked stored cases again, by %(scheme)s %(edition)s"),
    Kind.REPLAY_RESUMED: _("let the replay by %(scheme)s %(edition)s go on"),
    Kind.REPLAY_CANCELLED: _("cancelled the replay by %(scheme)s %(edition)s, snapshots done: %(done)s"),
    Kind.REPLAY_FINISHED: _("finished the replay by %(scheme)s %(edition)s, snapshots: %(done)s, changed: %(changed)s"),
    Kind.REPLAY_EXPORTED: _("exported the result of the replay by %(scheme)s %(edition)s"),
    Kind.AUDIT_EXPORTED: _("exported a table of the audit: %(table)s"),
    Kind.RULE_SUGGESTED: _("made a suggestion about %(scheme)s (%(about)s): %(text)s"),
    Kind.SUGGESTION_ANSWERED: _("answered a suggestion about %(scheme)s (%(about)s), %(state)s: %(text)s"),
    Kind.RESEARCH_EXPORTED: _("exported for research, decisions: %(rows)s, digest %(digest)s"),
    Kind.PACK_ASKED: _("asked for the audit pack %(pack)s, from %(first_on)s to %(last_on)s, decisions: %(decisions)s"),
    Kind.PACK_MADE: _("made the audit pack %(pack)s, decisions: %(decisions)s, digest %(digest)s"),
    Kind.PACK_CANCELLED: _("cancelled the audit pack %(pack)s, decisions done: %(decisions)s"),
    Kind.PACK_OPENED: _("took the audit pack %(pack)s away: %(cases)s"),
    Kind.PACK_DELETED: _("deleted the files of the audit pack %(pack)s"),
    Kind.ANNUAL_REPORT_ASKED: _("asked for the report on %(first_on)s to %(last_on)s"),
    Kind.ANNUAL_REPORT_MADE: _("made the report on %(first_on)s to %(last_on)s"),
    Kind.ANNUAL_REPORT_OPENED: _("opened the report on %(first_on)s to %(last_on)s"),
    Kind.MESSAGE_POSTED: _("wrote to %(to)s: %(message)s"),
    Kind.MESSAGE_SENT: _("sent by e-mail to %(to)s: %(message)s"),
    Kind.MESSAGE_FAILED: _("could not send to %(to)s: %(message)s (%(reason)s)"),
    Kind.MESSAGE_HELD: _("held back a message to %(to)s, since the data may only be stored: %(message)s"),
    Kind.MESSAGE_LET_GO: _("let a message to %(to)s go that was held back: %(message)s"),
    Kind.MESSAGE_RETRIED: _("had a message to %(to)s sent again: %(message)s"),
    Kind.ATTACHMENT_OPENED: _("opened a file that came with a message: %(file)s"),
    Kind.MESSAGE_KINDS_CHOSEN: _("chose which kinds of messages to be told of; switched off: %(muted)s"),
}

# Pages of a case by the first words that a line holds; what follows them (a number, a discipline) is shown as it is.
PAGES: dict[str, Promise] = {
    "overview": _("overview"),
    "proposal": _("proposal"),
    "findings form": _("findings form"),
    "findings": _("findings"),
    "finding": _("finding"),
    "correction of finding": _("correction of finding"),
    "history": _("history"),
    "explanation": _("explanation"),
    "another edition": _("another edition"),
    "what if": _("what if"),
    "decisions": _("meetings and decisions"),
    "decision": _("decision"),
    "follow-up": _("follow-up"),
    "meeting": _("meeting"),
    "sealed meeting": _("meeting, sealed"),
    "sealed overview": _("overview, sealed"),
    "sealed history": _("history, sealed"),
    "sealed decisions": _("meetings and decisions, sealed"),
    "sealed follow-up": _("follow-up, sealed"),
    "sealed findings form": _("findings form, sealed"),
    "sealed correction of finding": _("correction of finding, sealed"),
    "psychosocial notes": _("psychosocial notes"),
    "audit": _("cases of the audit"),
}
CHANGED_WORDS: dict[str, Promise] = {
    "name": _("name"),
    "title": _("title"),
    "discipline": _("discipline"),
    "email": _("e-mail address"),
    "language": _("language"),
    "password": _("password"),
    "deactivated": _("deactivated"),
    "reactivated": _("reactivated"),
}
CHOICES: dict[str, dict[str, Promise]] = {
    "discipline": dict(Discipline.choices),
    "urgency": dict(Urgency.choices),
    "verdict": dict(Decision.Verdict.choices),
    "document": {
        **dict(Document.Kind.choices),
        one_page.DOCUMENT: _("case on one page"),
        agenda_paper.DOCUMENT: _("agenda"),
    },
    "language": dict(settings.LANGUAGES),
    "roles": dict(Role.choices),
    "changed": CHANGED_WORDS,
    "fields": {name: Patient._meta.get_field(name).verbose_name for name in DETAILS},
    "finding": dict(Judgement.Verdict.choices),
    "answer": dict(Reply.Answer.choices),
    "method": dict(Invitation.Method.choices),
    "whom": dict(Told.Whom.choices),
    "on_table": dict(Sitting.What.choices),
    "status": dict(ImplementationReport.Status.choices),
    "state": dict(SuggestionAnswer.State.choices),
    "follow_up": dict(FollowUpEvent.Kind.choices),
    "message": dict(MessageKind.choices),
    "muted": dict(MessageKind.choices),
    "ending": dict(SignIn.Ending.choices),
    "way": dict(SignIn.Way.choices),
}


CALLS_PEOPLE = ("username", "to", "person")
"""Parts of a line that hold a sign-in name."""


def _page(value: str) -> str:
    page = next((page for page in PAGES if f"{value},".startswith((f"{page} ", f"{page},"))), None)
    if page is None:
        return value
    rest = value.removeprefix(page).strip(", ")
    part = CHOICES["discipline"].get(rest, rest)
    return (
        str(PAGES[page])
        if not part
        else pgettext("page of a case", "%(page)s %(part)s") % {"page": PAGES[page], "part": part}
    )


def field_name(name: str) -> str:
    """A column of a referral or a meeting by its name on the forms."""
    models = (Case, Meeting, Series, Team, TeamCalendar)
    columns = [column for model in models for column in model._meta.concrete_fields]
    return next((str(column.verbose_name) for column in columns if name in (column.name, column.attname)), name)


def _rule(text: str) -> str:
    """A recurrence rule as people say it; one that nobody understands any more as it stands."""
    try:
        return rules.words(rules.parse(text))
    except rules.RuleError:
        return text


def word(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A value as it is read in a sentence; a sign-in name behind the person's own."""
    if name in CALLS_PEOPLE and value in names:
        return gettext("%(name)s (%(username)s)") % {"name": names[value], "username": value}
    if name == "page":
        return _page(str(value))
    if name == "possible":
        return type_marks(str(value).split()) or "–"
    if name in ("target_on", "started_on", "told_on", "look_on", "next_on", "happened_on", "first_on", "last_on"):
        return day(value)
    if name == "facts" and isinstance(value, list):
        return ngettext("%(count)d fact", "%(count)d facts", len(value)) % {"count": len(value)}
    if name == "rule":
        return _rule(str(value))
    if isinstance(value, Mapping):
        return listed(map(field_name, value)) or "–"
    if isinstance(value, list):
        return listed(CHOICES.get(name, {}).get(item, item) for item in value) or "–"
    return str(CHOICES.get(name, {}).get(value, value)) if value not in (None, "") else "–"


def sentence(event: Event, names: Mapping[str, str] | None = None) -> str:
    """What happened, in the reader's language; the kind's own words where a line lacks what the sentence needs.

    `names`: of people by their sign-in name (names_in).
    """
    words = {name: word(name, value, names or {}) for name, value in event.data.items()}
    if event.kind == Kind.PATIENT_CORRECTED and "reason" in words:
        words["reason"] = reason_in_words(words["reason"])
    if event.kind == Kind.SIGN_IN_FAILED:
        if event.data.get("username"):
            return gettext("failed to sign in as %(username)s") % words
        return gettext("failed to sign in, with a name that no account has")
    try:
        return str(SENTENCES[event.kind]) % words
    except KeyError:
        return event.get_kind_display()
