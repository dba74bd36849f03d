"""Systems, facts, boundaries and options of a stored answer, as the case page puts them in order."""

import copy
import re

import pytest
from django.template.loader import render_to_string

from cases.models import Proposal
from cases.option_order import why_rejected
from cases.option_page import by_standing, only_one, options_of
from cases.side_by_side import side_by_side
from cases.what_matters import boundaries_of, facts_that_matter
from tests.builders import complete_case, make_finding


def system(label, question, stance, *, possible=("a",), provisional=None, **fields):
    """A system with the categories a (of this stance) and b (its refusal)."""
    provisional = list(possible) if provisional is None else list(provisional)
    categories = [
        {"id": "a", "label": f"{label} a", "text": f"text of {label}", "stance": stance},
        {"id": "b", "label": f"{label} b", "text": "", "stance": "not_met"},
    ]
    for category in categories:
        category["state"] = "possible" if category["id"] in possible else "ruled_out"
    return {
        "label": label,
        "question": question,
        "status": "draft",
        "possible": list(possible),
        "provisional": {"possible": provisional, "assumptions": []},
        "categories": categories,
        "because": [],
        "missing": [],
        **fields,
    }


def missing(fact, *, is_assumed=False, **decides):
    return {
        "fact": fact,
        "label": fact.title(),
        "owner": "radiology",
        "is_assumed": is_assumed,
        "narrows": 1,
        "decides": decides,
    }


def cards(shown):
    return {card.id: card for group in shown["groups"] for card in group.cards}


def test_systems_stand_under_what_they_ask():
    answer = {
        "systems": {
            "one": system("One", "resectable", "class"),
            "two": system("Two", "limited", "meets"),
            "tnm": system("TNM", "stage", "class"),
            "trial": system("Trial", "trial", "meets"),
        }
    }
    groups = side_by_side(answer)["groups"]
    assert [[card.id for card in group.cards] for group in groups] == [["one"], ["two"], ["tnm"], ["trial"]]
    assert "never eligibility" in groups[3].heading


def test_they_part_on_the_first_missing_fact_that_nobody_can_assume():
    answer = {
        "systems": {"one": system("One", "resectable", "meets"), "two": system("Two", "limited", "meets")},
        "missing": [
            missing("peritoneum", is_assumed=True, one={"P0": ["a"], "P1": ["b"]}),
            missing("same", two={"yes": ["a"], "no": ["a"]}),
            missing("number", two={"1–3": ["a"], "≥ 4": ["b"]}),
        ],
    }
    shown = side_by_side(answer)
    assert (shown["parting"].fact, shown["parting"].owner) == ("number", "radiology")
    assert [row.answers for row in cards(shown)["two"].parts] == [("1–3",), ("≥ 4",)]
    assert cards(shown)["one"].parts == ()


def test_systems_do_not_part_on_a_fact_whose_answers_only_leave_a_little_more_or_less():
    answer = {
        "systems": {"one": system("One", "resectable", "meets"), "two": system("Two", "limited", "meets")},
        "missing": [missing("response", two={"PR": ["a", "b", "c"], "PD": ["a", "b"], "NE": ["a", "b"]})],
    }
    assert side_by_side(answer)["parting"] is None
    answer["missing"].append(missing("fitness", two={"0–1": ["a", "b"], "≥ 2": ["b"]}))
    assert side_by_side(answer)["parting"].fact == "fitness"


def test_an_option_that_a_gate_holds_says_which_gate():
    held = {"state": "closed", "effect": "hold", "text": "Staging laparoscopy is not recorded."}
    waiting = {"state": "waiting", "effect": "against", "text": "ECOG 3 or 4."}
    assert why_rejected({"status": "undetermined", "gates": [waiting, held]}) == held["text"]
    assert why_rejected({"status": "undetermined", "gates": [waiting]}) == ""


def test_a_closed_gate_stands_before_those_that_only_wait():
    gates = [{"rule": "first", "state": "waiting"}, {"rule": "second", "state": "closed"}]
    answer = {"options": [{"id": "one", "status": "consider", "gates": gates}]}
    assert [gate["rule"] for gate in options_of("gclm", answer, "en")[0]["gates"]] == ["second", "first"]


def test_where_no_fact_parts_them_those_that_disagree_are_named():
    answer = {
        "systems": {
            "lead": system("Lead", "resectable", "class"),
            "yes": system("Yes", "limited", "meets"),
            "no": system("No", "resectable", "not_met"),
        },
        "missing": [],
    }
    parting = side_by_side(answer)["parting"]
    assert (parting.fact, parting.yes, parting.no) == ("", ("Yes",), ("No",))
    answer["systems"].pop("no")
    assert side_by_side(answer)["parting"] is None


def test_silence_on_number_is_no_disagreement():
    answer = {
        "systems": {
            "lead": system("Lead", "resectable", "meets"),
            "one": system("One", "guideline", "silent"),
            "two": system("Two", "guideline", "silent"),
        }
    }
    answer["systems"]["two"]["categories"][0]["text"] = "text of One"
    shown = side_by_side(answer)
    assert shown["parting"] is None
    assert [group.silent for group in shown["groups"]][1] == [{"systems": ["One", "Two"], "text": "text of One"}]
    assert "one" not in cards(shown)


def test_a_card_says_by_stance_how_the_system_answers_and_whether_it_assumes():
    answer = {
        "systems": {
            "sure": system("Sure", "resectable", "meets"),
            "rests": system("Rests", "resectable", "meets", possible=("a", "b"), provisional=("a",)),
            "open": system("Open", "resectable", "meets", possible=("a", "b")),
            "wait": system("Wait", "limited", "pending"),
            "none": system("None", "limited", "meets", possible=()),
        }
    }
    found = {name: (card.stance, card.rests_on_assumptions) for name, card in cards(side_by_side(answer)).items()}
    assert found == {
        "sure": ("meets", False),
        "rests": ("meets", True),
        "open": ("open", False),
        "wait": ("pending", False),
        "none": ("none", False),
    }


def test_a_system_that_follows_the_course_shows_both_answers():
    dynamic = system("OMEC", "limited", "meets", at_baseline={"possible": ["a", "b"], "provisional": ["b"]})
    card = cards(side_by_side({"systems": {"omec": dynamic}}))["omec"]
    assert (card.before, card.says) == (("OMEC b",), ("OMEC a",))
    html = render_to_string("cases/_system.html", {"card": card})
    assert "before treatment: OMEC b" in html
    assert "now: OMEC a" in html


def test_a_fact_tells_what_each_answer_gives_in_each_system_it_moves():
    answer = {
        "systems": {
            "one": system("One", "resectable", "meets", possible=("a", "b")),
            "two": system("Two", "limited", "meets", possible=("a", "b")),
        },
        "missing": [missing("number", one={"1": ["a", "b"], "2": ["a", "b"]}, two={"1": ["a"], "2": ["b"]})],
    }
    [entry] = facts_that_matter(answer, [{"fact": "number", "can_confirm": True}])
    assert entry["moves"] == 1
    assert entry["assumption"] == {"fact": "number", "can_confirm": True}
    assert entry["systems"][0]["label"] == "Two"
    assert [row.categories for row in entry["systems"][0]["rows"]] == [("Two a",), ("Two b",)]


def test_only_the_nearest_boundaries_are_in_sight():
    edges = [{"fact": "size", "label": "Size", "text": str(at), "distance": at, "categories": ["b"]} for at in range(7)]
    answer = {
        "systems": {
            "lead": system("Lead", "resectable", "class", boundaries=edges),
            "other": system("Other", "limited", "meets", boundaries=edges[:1]),
            "her2": system("HER2", "molecular", "class", boundaries=edges[:1]),
        }
    }
    shown = boundaries_of(answer, "lead")
    assert (len(shown["near"]), len(shown["far"])) == (5, 2)
    assert [edge["system"] for edge in shown["others"]] == ["Other"]


def option(name, status, kind="systemic", **fields):
    return {"id": name, "label": name.title(), "status": status, "kind": kind, **fields}


def test_what_is_open_comes_by_kind_the_best_kind_first():
    found = by_standing([option("b", "recommended", "conversion"), option("a", "consider"), option("c", "consider")])
    assert [(group["kind"], len(group["options"])) for group in found["open"]] == [("conversion", 1), ("systemic", 2)]
    assert (found["waiting"], found["against"]) == (None, None)
    assert by_standing([{"id": "old", "label": "Old", "status": "consider"}])["open"][0]["kind"] == ""


def test_no_option_is_lost_between_the_bundles():
    statuses = ["recommended", "consider", "undetermined", "undetermined", "not_recommended", "contraindicated", "new"]
    options = [option(str(n), status) for n, status in enumerate(statuses)]
    found = by_standing(options)
    assert (found["waiting"]["count"], found["against"]["count"]) == (2, 3)
    groups = [*found["open"], *found["waiting"]["groups"], *found["against"]["groups"]]
    assert sorted(each["id"] for group in groups for each in group["options"]) == sorted(o["id"] for o in options)
    html = render_to_string("cases/_options.html", {"options": options})
    assert all(f'id="option-{each["id"]}"' in html for each in options)


def test_one_option_alone_never_stands_without_the_reason_why():
    closed = {"text": "The patient refuses.", "effect": "forbid", "state": "closed"}
    options = [
        option("left", "consider"),
        option("closed", "contraindicated", gates=[closed]),
        option("waits", "undetermined", waits_for=[{"label": "ECOG", "fact": "ecog", "owners": ("oncology",)}]),
        option("argued", "not_recommended", against=[{"text": "No benefit seen."}]),
    ]
    only = only_one(options)
    assert only["option"]["id"] == "left"
    assert [other["why"] for other in only["others"]] == ["The patient refuses.", "", "No benefit seen."]
    html = " ".join(render_to_string("cases/_options.html", {"options": options}).split())
    assert "Only one option is recommended or to be considered: Left." in html
    assert "Waits: waits for ECOG" in html
    assert only_one([*options, option("second", "recommended")]) is None
    assert only_one(options[1:]) is None


def test_an_option_shows_who_must_be_there_and_that_a_cut_off_is_a_default():
    gate = {"text": "P-4.", "effect": "hold", "state": "closed", "is_default_cutoff": True}
    shown = option(
        "haic", "consider", needs=["interventional"], gates=[gate], asked=[{"owner": "oncology", "facts": ["ECOG"]}]
    )
    html = " ".join(render_to_string("cases/_option.html", {"option": {**shown, "missing": ["ECOG"]}}).split())
    assert "Needed at the table:" in html
    assert "default cut-off" in html
    assert "Missing: ECOG (ask Oncology)" in html


@pytest.mark.django_db
def test_the_case_page_shows_every_system_and_no_trial_promises_eligibility(client, surgeon, case):
    complete_case(case, surgeon)
    client.force_login(surgeon)
    page = client.get(case.get_absolute_url()).text
    words = re.sub(r'<span class="termtip".*?</span>|<[^>]+>', "", page)  # words of the glossary explain themselves
    for entry in case.latest_proposal.outcome["en"]["systems"].values():
        assert entry["label"].replace("'", "&#x27;") in words
    systems = page.partition('id="systems"')[2].partition("</section>")[0]
    assert "NCT02578368" in systems
    assert "eligible" not in systems
    assert "None of these" in page


@pytest.mark.django_db
def test_a_proposal_from_before_these_panels_still_shows(client, surgeon, radiologist, case):
    make_finding(case, radiologist, {"t_category": "T3", "liver_lesion_count": 2})
    old = copy.deepcopy(case.latest_proposal.outcome)
    for answer in old.values():
        name, leading = next(iter(answer["systems"].items()))
        for key in ("question", "trial", "note", "at_baseline", "boundaries", "missing", "phase", "evaluated_on"):
            leading.pop(key, None)
        for category in leading["categories"]:
            category.pop("stance", None)
            category.pop("outside", None)
        answer["systems"] = {name: leading}
        answer.pop("none_of_these", None)
        answer.pop("irrelevant", None)
        for entry in answer["options"]:
            for key in ("kind", "needs", "line"):
                entry.pop(key, None)
        answer["missing"] = [
            {**entry, "decides": {name: entry["decides"][name]}}
            for entry in answer["missing"]
            if name in entry["decides"]
        ]
    last = case.latest_proposal
    last.pk, last.number, last.outcome = None, last.number + 1, old
    Proposal.objects.bulk_create([last])
    client.force_login(surgeon)
    page = client.get(case.get_absolute_url()).text
    assert "Systems side by side" in page
    assert "Which fact matters" in page
    assert client.get(case.get_absolute_url() + "what-if/").status_code == 200
