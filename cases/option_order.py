"""The order in which treatment options are put before people, on the case page as in the room."""

from collections.abc import Iterable, Mapping
from typing import Any

# The pathway lists "none of these" among its options; pages and decisions end with it in words of their own.
NONE_OF_THESE = "none_of_these"
# Options come by these groups, within one in the pathway's order. "Consider" does not go before "undetermined": an
# option whose facts are missing may be the standard, and must not sink below a lesser one.
GROUPS = {"recommended": 0, "consider": 1, "undetermined": 1, "not_recommended": 2, "contraindicated": 3}
REJECTED = ("not_recommended", "contraindicated")
# Arguments that state a rule, and not what was once observed.
RULES = ("house_rule", "consensus")


def in_order(options: Iterable[dict]) -> list[dict]:
    """A proposal's options as the meeting goes through them."""
    listed = [option for option in options if option["id"] != NONE_OF_THESE]
    return sorted(listed, key=lambda option: GROUPS[option["status"]])


def why_rejected(option: Mapping[str, Any]) -> str:
    """What of this patient speaks so much against a rejected option: a closed gate, or a rule about a stated fact.

    Of an undetermined one, the gate that holds it. "" where the type alone rejects it, or only missing facts hold it.
    """
    gates = [gate for gate in option.get("gates", ()) if gate.get("state") == "closed"]
    if option.get("status") == "undetermined":
        return next((gate["text"] for gate in gates if gate["effect"] == "hold"), "")
    reasons = [gate for gate in gates if gate["effect"] in ("forbid", "against")]
    reasons += [rule for rule in option.get("against", ()) if rule.get("kind") in RULES and rule.get("facts")]
    return reasons[0]["text"] if reasons else ""
