"""The tours of the offices: audit, accounts, data protection."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from mdt.help.tours.steps import END, Step, Tour, page, team_page

OFFICES: Final = (
    Tour(
        "auditor",
        _("Auditor"),
        (
            Step(
                page("audit"),
                "main",
                _("Begin here"),
                _(
                    "Did decisions follow the pathway, and were they carried out? Every number opens the cases "
                    "behind it, and says how it is counted."
                ),
            ),
            Step(
                page("audit-indicators"),
                "main",
                _("Indicators"),
                _("Shares with their intervals, beside published figures where one was read. Small numbers say so."),
            ),
            Step(
                page("packs"),
                "main",
                _("Audit packs"),
                _("Decisions as files with digests, which an outsider can check without this software."),
            ),
            Step(
                page("events"),
                "main",
                _("The event log"),
                _(
                    "Who did what to which case, and who looked at which patient. Each line seals the one before "
                    "it: a later change is found."
                ),
            ),
            END,
        ),
    ),
    Tour(
        "administrator",
        _("Administrator"),
        (
            Step(
                page("teams"),
                "main",
                _("Begin here"),
                _("The teams whose people you manage. An administrator as such sees no patient."),
            ),
            Step(
                team_page("team"),
                "main",
                _("Who may do what"),
                _(
                    "Roles are given for a team, to a person by name. Choose one to change roles, set a first password "
                    "or close an account; what they wrote and signed stays."
                ),
            ),
            Step(
                team_page("person-add"),
                "main form",
                _("A new colleague"),
                _(
                    "The discipline says which facts they are asked for. Hand the first password over yourself: it "
                    "must be replaced at the first sign-in."
                ),
            ),
            Step(
                page("mail-unsent"),
                "main",
                _("What did not get through"),
                _("E-mails that a server refused, without their text. Correct the address, and try again."),
            ),
            END,
        ),
    ),
    Tour(
        "privacy",
        _("Privacy officer"),
        (
            Step(
                page("privacy"),
                "main",
                _("Begin here"),
                _(
                    "Requests, restrictions, legal holds, and how long what is kept. You see whose case it is and how "
                    "much there is, not what it says."
                ),
            ),
            Step(
                page("erasure-ask"),
                "main form",
                _("A request for erasure"),
                _(
                    "Record who asks and by which right. You decide, a chair or a second officer confirms, and the log "
                    "still proves itself afterwards."
                ),
            ),
            Step(
                page("restriction-place"),
                "main form",
                _("Store, and nothing else"),
                _(
                    "A restricted case leaves every list, agenda, letter and figure at once. Those who treat the "
                    "patient can still read it, with a reason that you see."
                ),
            ),
            Step(
                page("notices"),
                "main",
                _("Who has to be told"),
                _(
                    "Who received data of a case, as the log and the letters know it. Each notice stays open until "
                    "somebody says how it was answered."
                ),
            ),
            END,
        ),
    ),
)
