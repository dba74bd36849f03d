"""Every write of the privacy office: requests, decisions, erasures, holds, restrictions, copies, notices."""

from mdt.privacy.actions.copies import hand_out_copy
from mdt.privacy.actions.erasures import (
    ERASED_BEFORE,
    ask_again,
    ask_erasure,
    carry_out,
    decide_erasure,
    lift_hold,
    look_up,
    place_hold,
    say_what_came_back,
)
from mdt.privacy.actions.notices import answer_notice, say_rectified
from mdt.privacy.actions.restrictions import lift_restriction, restrict

__all__ = [
    "ERASED_BEFORE",
    "answer_notice",
    "ask_again",
    "ask_erasure",
    "carry_out",
    "decide_erasure",
    "hand_out_copy",
    "lift_hold",
    "lift_restriction",
    "look_up",
    "place_hold",
    "restrict",
    "say_rectified",
    "say_what_came_back",
]
