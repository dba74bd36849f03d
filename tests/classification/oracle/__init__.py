"""Every system by brute force: all concrete completions of what is not stated, decided by hand-written code.

Written from the reference texts alone. It shares no code with the engine and reads no rule file. Each system is a plain
function of a complete case; ``completions`` tries all completions, ``livers`` those of the liver and its lesions.
"""

from __future__ import annotations

from .assumptions import ASSUMPTIONS, asked_of, before_and_now
from .limited import SYSTEMS as LIMITED
from .livers import FIGURES, livers_of
from .molecular import SYSTEMS as MOLECULAR
from .surgical import SYSTEMS as SURGICAL
from .surgical import c_gclm_system

__all__ = ["FIGURES", "SYSTEMS", "answers", "c_gclm_system", "livers_of"]

SYSTEMS = SURGICAL | LIMITED | MOLECULAR
NOTHING = (set(), set(), set())


def is_absent(facts):
    """Whether it is stated that there is no liver metastasis."""
    stated = facts.get("liver_metastasis")
    return stated == "absent" or (isinstance(stated, dict) and stated.get("one_of") == ["absent"])


def answers(facts, restaging=None, systems=None, assumptions=ASSUMPTIONS):
    """(possible, provisional, missing) by system, as sets of category ids and fact names; and whether statements about
    the liver exclude one another, at baseline.
    """
    systems = SYSTEMS if systems is None else systems
    baseline, now, has_baseline = before_and_now(facts, restaging)
    livers = livers_of(baseline)
    found = {}
    for name, system in systems.items():
        if is_absent(baseline if has_baseline else now):
            found[name] = NOTHING
        elif system.from_restaging is not None:
            found[name] = system.answer(asked_of(baseline, now, system.from_restaging), livers, assumptions)
        elif has_baseline:
            found[name] = system.answer(baseline, livers, assumptions)
        else:
            found[name] = (set(system.rows), set(system.rows), set())
    return found, livers.has_contradiction
