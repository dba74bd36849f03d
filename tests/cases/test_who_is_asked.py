"""The queue names for each missing item the one discipline that is asked, as the meeting does, and who may help."""

from cases.queue_rows import _missing
from cases.reasoning import item_owners

WAITING = (("nursing", "patient_preference"), ("oncology", "ecog"))


def missing(*mine: str) -> str:
    return _missing(WAITING, mine, "gclm", "en")


def test_the_patients_wish_is_asked_of_nursing_on_every_page_and_others_may_enter_it():
    assert item_owners("gclm", "patient_preference") == ("nursing", "coordination")
    assert missing("nursing").startswith("What the patient wants (you); ")
    assert missing("coordination").startswith("What the patient wants (Nursing, or you); ")
    assert missing("radiology").startswith("What the patient wants (Nursing); ")


def test_what_is_asked_of_the_reader_and_what_the_reader_may_enter_stand_apart():
    said = _missing((("nursing", "patient_preference"), ("coordination", "question")), ("coordination",), "gclm", "en")
    assert "(Nursing, or you)" in said
    assert said.count("(you)") == 1
