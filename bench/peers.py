"""The peers' side of one case: the consensus type, reading A, typed into each engine with two rails for each criterion.

None of these engines knows "unknown": each criterion is written twice, as it stands at best and at worst. All get the
same ``plain`` cases, so the rules below read like one another on purpose.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Engine = Callable[[dict[str, Any]], str]
FAR = "['16a1', '16b2', 'mediastinal', 'supraclavicular', 'other']"

# One line a criterion; {sure}: counted for certain; {most}: counted at worst.
ZEN = {
    "primary_best": "primary_status != 'in_situ' or t_category != 'T4b' ? 1 : primary_resectable_r0 != false ? 2 : 3",
    "primary_worst": "primary_status == 'resected' or (t_category != null and t_category != 'T4b') ? 1 : "
    "primary_resectable_r0 == true ? 2 : 3",
    "nodes_best": f"nodes_beyond_d2 != null and some(nodes_beyond_d2, # in {FAR}) ? 3 : "
    "(nodes_beyond_d2 != null and len(nodes_beyond_d2) > 0) or bulky_n2 == true ? 2 : 1",
    "nodes_worst": f"nodes_beyond_d2 == null or some(nodes_beyond_d2, # in {FAR}) ? 3 : "
    "len(nodes_beyond_d2) > 0 or bulky_n2 != false ? 2 : 1",
    "outside_best": "(peritoneum != null and peritoneum != 'P0') or (distant_sites != null and len(distant_sites) > 0) "
    "or cytology == 'CY1' ? 3 : 1",
    "outside_worst": "peritoneum != 'P0' or distant_sites == null or len(distant_sites) > 0 or cytology != 'CY0' "
    "? 3 : 1",
    "few_best": "count(liver_lesions, #.nature == 'metastasis') <= 3",
    "few_worst": "liver_lesions_complete == true and count(liver_lesions, #.nature != 'benign') <= 3",
    "small_best": "none(liver_lesions, #.nature == 'metastasis' and #.diameter_mm != null and #.diameter_mm > 40)",
    "small_worst": "none(liver_lesions, #.nature != 'benign' and (#.diameter_mm == null or #.diameter_mm > 40))",
    "one_lobe_best": "none(liver_lesions, #.nature == 'metastasis' and #.lobe in ['right', 'both']) or "
    "none(liver_lesions, #.nature == 'metastasis' and #.lobe in ['left', 'both'])",
    "one_lobe_worst": "liver_lesions_complete == true and ("
    "all(liver_lesions, #.nature == 'benign' or #.lobe == 'left') or "
    "all(liver_lesions, #.nature == 'benign' or #.lobe == 'right'))",
    "free_best": "none(liver_lesions, #.nature == 'metastasis' and #.vessel_relation == 'invades')",
    "free_worst": "liver_lesions_complete == true and none(liver_lesions, #.nature != 'benign' and "
    "(#.vessel_relation == null or #.vessel_relation == 'invades'))",
    "liver_best": "liver_diffuse == true or liver_resectable_r0 == false ? 3 : "
    "{free_best} and ({one_lobe_best} or ({few_best} and {small_best})) ? 1 : 2",
    "liver_worst": "liver_diffuse == true or (liver_diffuse == null and liver_lesions_complete != true) or "
    "liver_resectable_r0 != true ? 3 : {free_worst} and ({one_lobe_worst} or ({few_worst} and {small_worst})) ? 1 : 2",
    "best": "max([{primary_best}, {nodes_best}, {outside_best}, {liver_best}])",
    "worst": "max([{primary_worst}, {nodes_worst}, {outside_worst}, {liver_worst}])",
    "type": "{best} != {worst} ? 'U' : {best} == 1 ? 'I' : {best} == 2 ? 'II' : 'III'",
}


def graph(expressions: dict[str, str]) -> dict[str, Any]:
    """A JDM decision graph: input, one node of named expressions that may read one another ($.name), output."""
    rows = [{"id": name, "key": name, "value": value} for name, value in expressions.items()]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {
            "id": "rules",
            "name": "rules",
            "type": "expressionNode",
            "content": {"expressions": rows, "passThrough": False},
        },
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "rules", "type": "edge"},
        {"id": "2", "sourceId": "rules", "targetId": "out", "type": "edge"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def zen_engine(expressions: dict[str, str]):
    """An engine with a loader that hands out content compiled once: the fastest way it offers."""
    import zen

    content = zen.ZenDecisionContent(json.dumps(graph(expressions)))
    return zen.ZenEngine({"loader": lambda _key: content})


def written_out(expressions: dict[str, str], name: str) -> str:
    """One expression with everything it refers to written out."""
    text = expressions[name]
    for other in expressions:
        if "{" + other + "}" in text:
            text = text.replace("{" + other + "}", "(" + written_out(expressions, other) + ")")
    return text


def _zen_graph() -> dict[str, str]:
    references = {name: f"$.{name}" for name in ZEN}
    return {name: text.format(**references) for name, text in ZEN.items()}


def zen_plain() -> Engine:
    engine = zen_engine(_zen_graph())
    return lambda case: engine.evaluate("rules", case)["result"]["type"]


def zen_trace() -> Engine:
    """With the trace, which is what zen offers as an explanation. It names no missing fact."""
    engine = zen_engine(_zen_graph())
    options = {"trace": True}
    return lambda case: engine.evaluate("rules", case, options)["result"]["type"]


def zen_expression() -> Engine:
    """One compiled expression instead of a graph: quicker, and with nothing to show but the type."""
    import zen

    rails = {name: text for name, text in ZEN.items() if name != "type"}
    both = zen.compile_expression(f"[{written_out(rails, 'best')}, {written_out(rails, 'worst')}]")
    names = {1: "I", 2: "II", 3: "III"}

    def answer(case: dict[str, Any]) -> str:
        best, worst = both.evaluate(case)
        return names[int(best)] if best == worst else "U"

    return answer


def zen_naive() -> Engine:
    """One rail, as a user types it first: a null is false, or an error. Shown for its wrong answers."""
    engine = zen_engine(
        {
            "primary": "primary_status == 'resected' or t_category != 'T4b' ? 1 : primary_resectable_r0 ? 2 : 3",
            "nodes": f"some(nodes_beyond_d2, # in {FAR}) ? 3 : len(nodes_beyond_d2) > 0 or bulky_n2 ? 2 : 1",
            "outside": "peritoneum != 'P0' or len(distant_sites) > 0 or cytology == 'CY1' ? 3 : 1",
            "met": "filter(liver_lesions, #.nature == 'metastasis')",
            "one": "all($.met, #.lobe == 'left') or all($.met, #.lobe == 'right')",
            "inside": "$.one or (len($.met) <= 3 and all($.met, #.diameter_mm <= 40))",
            "free": "none($.met, #.vessel_relation == 'invades')",
            "liver": "liver_diffuse == true or not(liver_resectable_r0) ? 3 : $.inside and $.free ? 1 : 2",
            "worst": "max([$.primary, $.nodes, $.outside, $.liver])",
            "type": "$.worst == 1 ? 'I' : $.worst == 2 ? 'II' : 'III'",
        }
    )

    def answer(case: dict[str, Any]) -> str:
        try:
            return engine.evaluate("rules", case)["result"]["type"]
        except RuntimeError:  # what zen raises for a null that it cannot compare
            return "error"

    return answer
