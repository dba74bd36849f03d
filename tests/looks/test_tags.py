"""The small parts: states, chips, ticks, days, verdict and ladder, as words that a screen reader gets too."""

from datetime import date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from cases.pictures.course import build_course
from cases.pictures.ladder import build_ladder, effects, verdict_of
from cases.templatetags.cases_proposal import readiness_by_owner
from mdt.people.templatetags.looks import STATES, as_day, day, discipline_label, since_days


def render(source: str, **context) -> str:
    libraries = "{% load cases_display cases_proposal looks %}"
    return Template(libraries + source).render(Context(context)).strip()


def categories(*states: str, provisional: str = "") -> list[dict]:
    return [
        {"id": name, "label": f"Type {name}", "text": "text", "state": state, "provisional": name == provisional}
        for name, state in zip(("I", "II", "III"), states, strict=True)
    ]


def system(possible: list[str], provisional: list[str]) -> dict:
    return {
        "possible": possible,
        "provisional": {"possible": provisional},
        "categories": categories(*("possible" if name in possible else "ruled_out" for name in ("I", "II", "III"))),
        "components": [],
    }


@pytest.mark.parametrize("kind", STATES)
def test_a_state_is_icon_word_and_colour(kind):
    html = render("{% state kind %}", kind=kind)
    assert f"state-{kind} pill" in html
    assert 'aria-hidden="true"' in html
    assert str(STATES[kind][1]) in html


def test_a_long_answer_may_break_behind_each_stroke_and_stays_text():
    assert render("{{ words|breakable }}", words="16a1/16b2/<b>") == "16a1/<wbr>16b2/<wbr>&lt;b&gt;"


def test_a_state_takes_its_own_words_and_escapes_them():
    assert "&lt;b&gt;" in render("{% state 'overdue' text pill=False %}", text="<b>")
    assert "pill" not in render("{% state 'overdue' 'late' pill=False %}")


@pytest.mark.parametrize(
    ("chips", "confirmed", "label", "looks"),
    [
        (categories("possible", "possible", "possible"), "", "Possible types I, II, III", ["may", "may", "may"]),
        (
            categories("ruled_out", "possible", "possible", provisional="II"),
            None,
            "Possible types II, III; provisional type II",
            ["out", "prov", "may"],
        ),
        (categories("ruled_out", "ruled_out", "only"), "", "Only type III is possible", ["out", "out", "only"]),
        (categories("possible", "possible", "possible"), "II", "Confirmed type II", ["out", "sure", "out"]),
        (categories("ruled_out", "ruled_out", "ruled_out"), "", "No type applies", ["out", "out", "out"]),
    ],
)
def test_chips_of_types_say_in_words_what_their_lines_say(chips, confirmed, label, looks):
    html = render("{% types chips confirmed %}", chips=chips, confirmed=confirmed)
    assert f'aria-label="{label}"' in html
    assert [part.split('"')[0] for part in html.split('<span class="')[2:]] == looks


def test_types_are_roman_in_chinese():
    with translation.override("zh-hans"):
        assert "Ⅱ" in render("{% types chips %}", chips=categories("possible", "possible", "possible"))


def test_ticks_count_what_is_known_stale_and_disputed():
    html = render("{% ticks items %}", items=["known", "missing", {"state": "stale", "label": "HER2"}, "disputed"])
    assert 'aria-label="1 of 4 facts known, 1 stale, 1 disputed"' in html
    assert html.count("<rect") == 4
    assert "<title>HER2</title>" in html


def test_disciplines_have_names_and_unknown_codes_stay():
    assert discipline_label("hepatobiliary") == "Hepatobiliary surgery"
    assert discipline_label("anaesthesia") == "anaesthesia"
    assert discipline_label(None) == ""


def test_days_are_written_as_each_language_writes_them():
    assert day("2026-11-23") == "23 Nov 2026"
    assert day(date(2026, 11, 23), "short") == "23 Nov"
    assert day(None) == day("soon") == ""
    with translation.override("zh-hans"):
        assert day("2026-11-23") == "2026年11月23日"


def test_times_keep_their_hour_in_the_hospitals_zone():
    assert day(datetime(2026, 11, 23, 9, 12, tzinfo=timezone.get_default_timezone()), "time") == "23 Nov 2026, 09:12"
    assert as_day(datetime(2026, 11, 23, 20, 0, tzinfo=timezone.get_default_timezone())) == date(2026, 11, 23)


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "1 day ago"), (11, "11 days ago"), (-3, "in 3 days")])
def test_how_long_ago(days, words):
    assert since_days(timezone.localdate() - timedelta(days=days)) == words


@pytest.mark.parametrize(
    ("possible", "provisional", "kind", "marks"),
    [
        (["II"], ["II"], "only", ("II",)),
        (["I", "II", "III"], ["I"], "provisional", ("I",)),
        (["I", "II", "III"], ["II", "III"], "open", ("II", "III")),
        (["I", "II"], [], "open", ("I", "II")),
        ([], [], "none", ()),
    ],
)
def test_the_verdict_is_never_surer_than_the_answer(possible, provisional, kind, marks):
    verdict = verdict_of(system(possible, provisional))
    assert (verdict.kind, verdict.marks) == (kind, marks)


def test_the_ladder_tells_known_assumed_possible_and_ruled_out():
    answer = system(["II", "III"], ["II"]) | {
        "components": [
            {"label": "Primary", "possible": ["I"], "provisional": ["I"], "known": True, "why": "removed"},
            {"label": "Nodes", "possible": ["I", "II", "III"], "provisional": ["I"], "known": False, "why": ""},
            {"label": "Liver", "possible": ["II", "III"], "provisional": ["II", "III"], "known": False, "why": ""},
        ]
    }
    ladder = build_ladder(answer)
    assert [row.rungs for row in ladder.rows] == [
        ("known", "out", "out"),
        ("assumed", "possible", "possible"),
        ("out", "possible", "possible"),
    ]
    assert ladder.total == ("out", "assumed", "possible")


def test_answers_with_the_same_effect_stand_together():
    found = effects({"gclm": {"P1a": ["III"], "P1b": ["III"], "false": ["II", "III"]}}, "gclm")
    assert [(effect.answers, effect.categories) for effect in found] == [
        (("P1a", "P1b"), ("III",)),
        (("no",), ("II", "III")),
    ]
    assert effects(None, "gclm") == effects({}, "other") == ()


def test_readiness_is_grouped_by_owner_and_says_what_moves_the_type():
    items = [
        {"fact": "peritoneum", "state": "missing", "owner": "surgery"},
        {"fact": "asa", "state": "stale", "owner": "surgery"},
        {"fact": "ecog", "state": "known", "owner": "oncology"},
    ]
    (group,) = readiness_by_owner(items, [{"fact": "peritoneum"}], None)
    assert group["owner"] == "surgery"
    assert [(item["fact"], item["moves_type"]) for item in group["items_open"]] == [
        ("peritoneum", True),
        ("asa", False),
    ]


class Case:
    """As much of a case as the course needs."""

    is_open = True
    meets_at = None

    def __init__(self):
        self.referred_on = timezone.localdate() - timedelta(days=11)
        self.target_on = timezone.localdate() + timedelta(days=3)


def test_the_course_puts_today_between_what_was_and_what_comes():
    case = Case()
    points = [{"on": "2020-01-01", "label": "Gastrectomy", "text": ""}, {"on": case.referred_on, "label": "Referred"}]
    course = build_course(points, case)
    assert [point.when for point in course] == ["past", "past", "now", "ahead"]
    assert [point.day for point in course] == [None, 0, 11, 14]


def test_a_closed_case_has_no_today():
    case = Case()
    case.is_open = False
    assert [point.label for point in build_course([{"on": "2020-01-01", "label": "Gastrectomy"}], case)] == [
        "Gastrectomy"
    ]


@pytest.mark.parametrize(
    ("status", "depends_on", "words", "kind"),
    [
        ("recommended", None, "Recommended", "recommended"),
        ("recommended", "II", "Recommended if type II", "provisional"),
        ("not_recommended", "II", "Not recommended if type II", "not"),
        ("contraindicated", None, "Contraindicated", "contraindicated"),
        ("undetermined", "I", "Undetermined", "undetermined"),
        ("something new", None, "Undetermined", "undetermined"),
    ],
)
def test_the_badge_of_an_option_names_the_type_it_rests_on(status, depends_on, words, kind):
    html = render("{% option_state option %}", option={"status": status, "depends_on": depends_on})
    assert f"state-{kind} pill" in html
    assert html.endswith(f"</i>{words}</span>")


@pytest.mark.parametrize(
    ("status", "states", "words", "kind"),
    [
        ("recommended", ["waiting", "waiting", "closed"], "Recommended; 2 gates not checked", "provisional"),
        ("consider", ["waiting"], "Consider; 1 gate not checked", "consider"),
        ("recommended", ["closed"], "Recommended", "recommended"),
        ("not_recommended", ["waiting"], "Not recommended", "not"),
    ],
)
def test_the_badge_of_an_option_on_offer_counts_the_gates_that_nobody_has_looked_at(status, states, words, kind):
    html = render(
        "{% option_state option %}", option={"status": status, "gates": [{"state": state} for state in states]}
    )
    assert f"state-{kind} pill" in html
    assert html.endswith(f"</i>{words}</span>")


def test_a_question_stands_whole_unless_it_would_fill_a_narrow_column():
    short = render('{% include "_ask.html" %}', text="Q" * 160)
    assert "details" not in short
    assert "Q" * 160 in short
    long = render('{% include "_ask.html" %}', text="可否切除" * 21)
    assert long.startswith("<details")
    assert long.count("可否切除" * 21) == 2  # on hover, and when opened
