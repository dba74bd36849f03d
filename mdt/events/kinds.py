"""Every kind of event, one word each: the same word is in the URL, the view, the action and the test file."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What happened. Past tense; the value never changes once written to a log."""

    SIGNED_IN = "signed-in", _("signed in")
    SIGN_IN_FAILED = "sign-in-failed", _("sign-in failed")
    SIGN_IN_LOCKED = "sign-in-locked", _("sign-in locked")
    SIGNED_OUT = "signed-out", _("signed out")
    SESSION_TIMED_OUT = "session-timed-out", _("session ran out")
    SESSION_REVOKED = "session-revoked", _("session ended from elsewhere")
    SECOND_FACTOR_ADDED = "second-factor-added", _("second factor set up")
    SECOND_FACTOR_REMOVED = "second-factor-removed", _("second factor removed")
    SIGN_ON_LINKED = "sign-on-linked", _("account linked to the hospital sign-on")
    SIGN_ON_UNLINKED = "sign-on-unlinked", _("account unlinked from the hospital sign-on")
    RECOVERY_CODES_MADE = "recovery-codes-made", _("recovery codes made")
    RECOVERY_CODE_USED = "recovery-code-used", _("recovery code used")
    TEAM_CREATED = "team-created", _("team created")
    MEMBER_ADDED = "member-added", _("member added")
    MEMBER_REMOVED = "member-removed", _("member removed")
    PERSON_ADDED = "person-added", _("person added")
    PERSON_CHANGED = "person-changed", _("person changed")

    CASE_REFERRED = "case-referred", _("case referred")
    CASE_OPENED_IN_EMERGENCY = "case-opened-in-emergency", _("case of another team opened in an emergency")
    EMERGENCY_REFUSED = "emergency-refused", _("emergency access refused")
    CASE_OPENED = "case-opened", _("case opened")
    REFERRAL_CHANGED = "referral-changed", _("referral changed")
    PATIENT_CORRECTED = "patient-corrected", _("patient's details corrected")
    CASE_CLOSED = "case-closed", _("case closed")
    CASE_REOPENED = "case-reopened", _("case reopened")
    DRAFT_SAVED = "draft-saved", _("draft saved")
    DRAFT_DISCARDED = "draft-discarded", _("draft discarded")
    NOTE_WRITTEN = "note-written", _("psychosocial note written")
    NOTES_OPENED = "notes-opened", _("psychosocial notes opened with a reason")
    FINDING_RECORDED = "finding-recorded", _("finding recorded")
    FINDING_CORRECTED = "finding-corrected", _("finding corrected")
    ASSUMPTION_CONFIRMED = "assumption-confirmed", _("assumption confirmed")
    RESTAGING_OPENED = "restaging-opened", _("restaging opened")
    PROPOSAL_MADE = "proposal-made", _("proposal made")
    READINESS_RECHECKED = "readiness-rechecked", _("readiness rechecked")

    MEETING_PLANNED = "meeting-planned", _("meeting planned")
    MEETING_CHANGED = "meeting-changed", _("meeting changed")
    MEETING_OPENED = "meeting-opened", _("meeting opened")
    MEETING_CLOSED = "meeting-closed", _("meeting closed")
    MEETING_CANCELLED = "meeting-cancelled", _("meeting cancelled")
    SERIES_STARTED = "series-started", _("series of meetings started")
    SERIES_CHANGED = "series-changed", _("series of meetings changed")
    SERIES_ENDED = "series-ended", _("series of meetings ended")
    CORE_MEMBER_ADDED = "core-member-added", _("core member or deputy added")
    CORE_MEMBER_REMOVED = "core-member-removed", _("core member or deputy removed")
    REPLY_GIVEN = "reply-given", _("answer about coming to a meeting")
    CALENDAR_CHANGED = "calendar-changed", _("clock or holidays of the team changed")
    DAYS_CLOSED = "days-closed", _("days closed for meetings")
    DAYS_OPENED = "days-opened", _("days opened for meetings again")
    INVITATION_SENT = "invitation-sent", _("invitation sent")
    FEED_MADE = "feed-made", _("calendar address made")
    FEED_REVOKED = "feed-revoked", _("calendar address revoked")
    CASE_LISTED = "case-listed", _("case put on the agenda")
    CASE_UNLISTED = "case-unlisted", _("case taken off the agenda")
    AGENDAS_PLANNED = "agendas-planned", _("agendas planned")
    PLAN_UNDONE = "plan-undone", _("plan of agendas undone")
    PROTOCOL_SIGNED = "protocol-signed", _("protocol signed")
    PROTOCOL_WITHDRAWN = "protocol-withdrawn", _("protocol withdrawn")
    CASE_TRIAGED = "case-triaged", _("case triaged to standard of care")
    CASE_PULLED_BACK = "case-pulled-back", _("case pulled back to discussion")
    PULL_BACK_UNDONE = "pull-back-undone", _("pulling back undone")
    AGENDA_ORDERED = "agenda-ordered", _("agenda reordered")
    ATTENDANCE_MARKED = "attendance-marked", _("attendance marked")
    ATTENDANCE_TAKEN_BACK = "attendance-taken-back", _("mark of attendance taken back")
    TABLE_MOVED = "table-moved", _("case brought to the table")
    DECISION_RECORDED = "decision-recorded", _("decision recorded")
    DECISION_SIGNED = "decision-signed", _("decision signed")
    DECISION_AMENDED = "decision-amended", _("decision amended")
    SIGNATURE_ASKED = "signature-asked", _("signature asked for")
    OUTCOME_RELEASED = "outcome-released", _("outcome released")
    OUTCOME_SENT = "outcome-sent", _("outcome sent")
    OUTCOME_TOLD = "outcome-told", _("outcome told")
    PATIENT_PAGE_RELEASED = "patient-page-released", _("page for the patient released")
    STEP_DONE = "step-done", _("next step done")
    STEP_REOPENED = "step-reopened", _("next step open again")
    IMPLEMENTATION_REPORTED = "implementation-reported", _("implementation reported")
    FOLLOW_UP_RECORDED = "follow-up-recorded", _("follow-up recorded")
    FOLLOW_UP_CORRECTED = "follow-up-corrected", _("follow-up corrected")
    FOLLOW_UP_RETRACTED = "follow-up-retracted", _("follow-up taken back")
    DECISION_DRAFTED = "decision-drafted", _("decision being written")
    OPINION_COMMITTED = "opinion-committed", _("opinion committed")
    OPINIONS_REVEALED = "opinions-revealed", _("opinions and proposal opened")
    SPOKEN_NOTED = "spoken-noted", _("words said in the room noted")
    SPOKEN_TAKEN_BACK = "spoken-taken-back", _("note of what was said taken back")
    DISSENT_RECORDED = "dissent-recorded", _("dissent recorded")
    DISSENT_WITHDRAWN = "dissent-withdrawn", _("dissent withdrawn")
    CONDITION_DUE = "condition-due", _("condition fell due")
    CONDITION_POSTPONED = "condition-postponed", _("condition put off")
    CONDITION_ENDED = "condition-ended", _("condition ended")
    DOCUMENT_MADE = "document-made", _("document made")
    DOCUMENT_OPENED = "document-opened", _("document opened")
    EVENTS_VIEWED = "events-viewed", _("event log viewed")
    EVENTS_EXPORTED = "events-exported", _("event log exported")
    EVENTS_VERIFIED = "events-verified", _("event log verified")
    BACKUP_MADE = "backup-made", _("backup made")
    BACKUP_RESTORED = "backup-restored", _("backup restored")
    ERASURE_ASKED = "erasure-asked", _("erasure of a patient asked for")
    ERASURE_DECIDED = "erasure-decided", _("erasure of a patient decided")
    PATIENT_ERASED = "patient-erased", _("patient erased by order")
    HOLD_PLACED = "hold-placed", _("legal hold placed")
    HOLD_LIFTED = "hold-lifted", _("legal hold lifted")
    RESTRICTION_PLACED = "restriction-placed", _("processing of a patient's data restricted")
    RESTRICTION_LIFTED = "restriction-lifted", _("restriction of processing lifted")
    RESTRICTED_OPENED = "restricted-opened", _("restricted data opened by an exception")
    COPY_HANDED_OUT = "copy-handed-out", _("copy of a patient's data handed out")
    NOTICES_OWED = "notices-owed", _("recipients of a patient's data to be told")
    NOTICE_ANSWERED = "notice-answered", _("recipient of a patient's data told, or why not")
    PATIENT_LOOKED_UP = "patient-looked-up", _("patient looked up by the privacy office")
    ROWS_NAMED = "rows-named", _("rows named in the log")

    RULE_COMPARED = "rule-compared", _("rule compared with the paper")
    EDITION_REVIEWED = "edition-reviewed", _("edition of rules reviewed")
    EDITION_RETURNED = "edition-returned", _("edition of rules sent back")
    EDITION_APPROVED = "edition-approved", _("edition of rules approved")
    EDITION_RETIRED = "edition-retired", _("edition of rules retired")

    REPLAY_STARTED = "replay-started", _("replay of rules started")
    REPLAY_RESUMED = "replay-resumed", _("replay of rules resumed")
    REPLAY_CANCELLED = "replay-cancelled", _("replay of rules cancelled")
    REPLAY_FINISHED = "replay-finished", _("replay of rules finished")
    REPLAY_EXPORTED = "replay-exported", _("result of a replay exported")

    AUDIT_EXPORTED = "audit-exported", _("table of the audit exported")

    RULE_SUGGESTED = "rule-suggested", _("suggestion about rules made")
    SUGGESTION_ANSWERED = "suggestion-answered", _("suggestion about rules answered")

    RESEARCH_EXPORTED = "research-exported", _("decisions exported for research")

    PACK_ASKED = "pack-asked", _("audit pack asked for")
    PACK_MADE = "pack-made", _("audit pack made")
    PACK_CANCELLED = "pack-cancelled", _("audit pack cancelled")
    PACK_OPENED = "pack-opened", _("audit pack taken away")
    PACK_DELETED = "pack-deleted", _("files of an audit pack deleted")
    ANNUAL_REPORT_ASKED = "annual-report-asked", _("annual report asked for")
    ANNUAL_REPORT_MADE = "annual-report-made", _("annual report made")
    ANNUAL_REPORT_OPENED = "annual-report-opened", _("annual report opened")

    MESSAGE_POSTED = "message-posted", _("message posted")
    MESSAGE_SENT = "message-sent", _("message sent by e-mail")
    MESSAGE_FAILED = "message-failed", _("message could not be sent")
    MESSAGE_RETRIED = "message-retried", _("message to be sent again")
    MESSAGE_HELD = "message-held", _("message held back")
    MESSAGE_LET_GO = "message-let-go", _("message that was held back to be sent")
    ATTACHMENT_OPENED = "attachment-opened", _("file of a message opened")
    MESSAGE_KINDS_CHOSEN = "message-kinds-chosen", _("kinds of messages chosen")


WHILE_RESTRICTED = frozenset(
    {
        *(Kind.CASE_OPENED, Kind.DOCUMENT_OPENED, Kind.CASE_OPENED_IN_EMERGENCY, Kind.NOTES_OPENED, Kind.EVENTS_VIEWED),
        *(Kind.ATTACHMENT_OPENED, Kind.HOLD_PLACED, Kind.RESTRICTION_PLACED, Kind.RESTRICTION_LIFTED),
        *(Kind.RESTRICTED_OPENED, Kind.PATIENT_LOOKED_UP, Kind.COPY_HANDED_OUT, Kind.MESSAGE_POSTED),
        *(Kind.MESSAGE_HELD, Kind.NOTICES_OWED, Kind.NOTICE_ANSWERED),
    }
)
"""What may be said of a case whose data may only be stored: who looked, and what the privacy office does. All other
kinds would be processing, and are refused where they would be recorded (mdt.events.chain)."""


def choices() -> list[tuple[str, str]]:
    """Value and label of every kind. The column names this function, so that a new kind needs no migration."""
    return Kind.choices
