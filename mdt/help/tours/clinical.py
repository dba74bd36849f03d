"""The tours of those who treat patients, and of those who keep the meetings going."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from mdt.help.tours.steps import COME, END, PROPOSAL, QUEUE, Step, Tour, a_case, notes_of_a_case, page

CLINICAL: Final = (
    Tour(
        "coordinator",
        _("Coordinator"),
        (
            QUEUE,
            Step(
                page("case-refer"),
                "main form",
                _("Refer a case"),
                _(
                    "Who the patient is, and what the meeting is asked. Then type in what the referral letter "
                    "says; each discipline corrects what is theirs."
                ),
            ),
            Step(
                page("worklist"),
                "main",
                _("Who still owes what"),
                _("What each discipline is asked for, and until when. Reminders go out by themselves, once a day."),
            ),
            Step(
                page("agendas-plan"),
                "main",
                _("Let the agendas plan themselves"),
                _(
                    "Which waiting case goes to which meeting, each place with its reason. Pin what you know "
                    "better, plan again, apply; a plan can be undone."
                ),
            ),
            Step(
                page("meetings"),
                "main",
                _("The meetings"),
                _(
                    "Each line says how full a meeting is, what is ready and whom it lacks. Finishing a meeting "
                    "sends the letters and moves on what was not reached."
                ),
            ),
            END,
        ),
    ),
    Tour(
        "clinician",
        _("Surgeon, oncologist, radiologist, pathologist"),
        (
            QUEUE,
            PROPOSAL,
            Step(
                a_case,
                "#options",
                _("For and against each option"),
                _(
                    "Every argument with its kind of evidence and its source; gates say what must be known first. "
                    "Nothing is chosen here: the meeting decides."
                ),
            ),
            Step(
                page("worklist"),
                "main",
                _("What you are asked for"),
                _(
                    "Facts of your discipline, with the case and the deadline. An empty box means that nobody has "
                    "said; it never means no."
                ),
            ),
            COME,
            END,
        ),
    ),
    Tour(
        "chair",
        _("Chair"),
        (
            QUEUE,
            PROPOSAL,
            Step(
                page("meetings"),
                "main",
                _("Open your meeting"),
                _(
                    "Its page shows agenda, attendance and quorum for each case. Enter the room from there: one "
                    "screen for everybody, by keys 1, 2, 3."
                ),
            ),
            Step(
                page("next-steps"),
                "main",
                _("After the signature"),
                _(
                    "You sign with your password; from then on only an amendment changes anything. Who does what "
                    "by when stands here, and conditions that fall due bring a case back."
                ),
            ),
            Step(
                page("audit"),
                "main",
                _("Were decisions carried out?"),
                _("Every number with its interval and its definition. Choose one to see the cases behind it."),
            ),
            END,
        ),
    ),
    Tour(
        "supportive",
        _("Specialist nurse, psycho-oncologist"),
        (
            QUEUE,
            Step(
                a_case,
                "#findings",
                _("The patient's voice"),
                _(
                    "What the patient wants stands among the facts, in their own words, and in the room before any "
                    "option. Add findings lets you record it for everybody."
                ),
            ),
            Step(
                notes_of_a_case,
                "main",
                _("What not everybody needs to read"),
                _(
                    "Psychosocial notes are for supportive care and their author. They stand in no list, letter, "
                    "export or meeting; who opens them otherwise says why, and you are told."
                ),
            ),
            COME,
            END,
        ),
    ),
)
