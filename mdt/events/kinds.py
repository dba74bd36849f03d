"""Every kind of event, one word each: the same word is in the URL, the view, the action and the test file."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What happened. Past tense; the value never changes once written to a log."""

    SIGNED_IN = "signed-in", _("signed in")
    SIGN_IN_FAILED = "sign-in-failed", _("sign-in failed")
    SIGNED_OUT = "signed-out", _("signed out")
    TEAM_CREATED = "team-created", _("team created")
    MEMBER_ADDED = "member-added", _("member added")
    MEMBER_REMOVED = "member-removed", _("member removed")
    PERSON_ADDED = "person-added", _("person added")
    PERSON_CHANGED = "person-changed", _("person changed")

    CASE_REFERRED = "case-referred", _("case referred")
    CASE_OPENED = "case-opened", _("case opened")
    REFERRAL_CHANGED = "referral-changed", _("referral changed")
    CASE_CLOSED = "case-closed", _("case closed")
    CASE_REOPENED = "case-reopened", _("case reopened")
    DRAFT_SAVED = "draft-saved", _("draft saved")
    DRAFT_DISCARDED = "draft-discarded", _("draft discarded")
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
    CASE_LISTED = "case-listed", _("case put on the agenda")
    CASE_UNLISTED = "case-unlisted", _("case taken off the agenda")
    AGENDAS_PLANNED = "agendas-planned", _("agendas planned")
    PLAN_UNDONE = "plan-undone", _("plan of agendas undone")
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
    DECISION_DRAFTED = "decision-drafted", _("decision being written")
    OPINION_COMMITTED = "opinion-committed", _("opinion committed")
    OPINIONS_REVEALED = "opinions-revealed", _("opinions and proposal opened")
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

    MESSAGE_POSTED = "message-posted", _("message posted")
    MESSAGE_SENT = "message-sent", _("message sent by e-mail")
    MESSAGE_FAILED = "message-failed", _("message could not be sent")
    MESSAGE_RETRIED = "message-retried", _("message to be sent again")
    ATTACHMENT_OPENED = "attachment-opened", _("file of a message opened")
    MESSAGE_KINDS_CHOSEN = "message-kinds-chosen", _("kinds of messages chosen")


def choices() -> list[tuple[str, str]]:
    """Value and label of every kind. The column names this function, so that a new kind needs no migration."""
    return Kind.choices
