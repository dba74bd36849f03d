"""The command line of the rulebook: JSON in, JSON out, one line for bad input, no database."""

import io
import json

import pytest
from django.core.management import call_command

CASE = {"primary_status": "resected", "liver_lesion_count": 2, "liver_lobes": "left", "peritoneum": "P1"}


def run(monkeypatch, text, *arguments):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("classify", "-", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue(), err.getvalue()


def test_one_object_gives_one_line(monkeypatch):
    code, out, err = run(monkeypatch, json.dumps(CASE, indent=2))
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert json.loads(out)["systems"]["c-gclm"]["possible"] == ["III"]


def test_lines_give_lines_and_empty_lines_are_skipped(monkeypatch):
    code, out, _ = run(monkeypatch, json.dumps(CASE) + "\n\n" + json.dumps({}) + "\n")
    assert (code, out.count("\n")) == (0, 2)


def test_a_case_file_is_read_by_its_facts(monkeypatch):
    _, out, _ = run(monkeypatch, json.dumps({"id": "X", "summary": "…", "facts": CASE}))
    assert json.loads(out)["systems"]["c-gclm"]["category"] == "III"


def test_a_file_is_read_by_its_name(tmp_path):
    path, out = tmp_path / "case.json", io.StringIO()
    path.write_text(json.dumps(CASE), encoding="utf-8")
    call_command("classify", str(path), "--on", "2024-05-01", stdout=out)
    assert json.loads(out.getvalue())["systems"]["c-gclm"]["edition"] == "2019"


def test_sentences_come_in_chinese_on_demand(monkeypatch):
    _, out, _ = run(monkeypatch, json.dumps(CASE), "--language", "zh-hans")
    assert json.loads(out)["systems"]["c-gclm"]["categories"][2]["text"] == "不可切除型"


@pytest.mark.parametrize(
    ("text", "arguments", "named"),
    [
        ('{"t_category": "T9"}', (), ("t_category", "T4b")),
        ('{"t_catgory": "T3"}', (), ("t_catgory", "t_category")),
        ('{"liver_max_diameter_mm": -4}', (), ("liver_max_diameter_mm", "above 0")),
        ('{"liver_max_diameter_mm": NaN}', (), ("input", "NaN")),
        ('{"ecog": 1, "ecog": 2}', (), ("ecog", "twice")),
        ('{"ecog": 1', (), ("input", "not valid JSON")),
        ('{"ecog": 1}\n{"ecog": }', (), ("line 2", "not valid JSON")),
        ('{"ecog": 1}\n{"ecog": 7}', (), ("ecog", "up to 4")),
        ("[1, 2]", (), ("facts", "object")),
        ('{"facts": 3}', (), ("facts", "object")),
        ("", (), ("input", "not valid JSON")),
        ("{}", ("--pathway", "lung"), ("pathway", "gclm")),
        ("{}", ("--on", "yesterday"), ("on", "YYYY-MM-DD")),
    ],
)
def test_bad_input_gives_exit_2_and_one_line_that_names_it(monkeypatch, text, arguments, named):
    code, out, err = run(monkeypatch, text, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert all(word in err for word in named)


def test_a_date_to_come_is_refused_by_its_fact(monkeypatch):
    for stated in ('"2999-01-01"', '{"at_most": "2999-01-01"}', '{"one_of": ["2020-01-01", "2999-01-01"]}'):
        code, out, err = run(monkeypatch, f'{{"liver_imaging_on": {stated}}}')
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith("liver_imaging_on: 2999-01-01 lies in the future")


def test_input_at_the_edge_of_the_stack_gives_one_line(monkeypatch):
    """Deep enough to be read, too deep to be repeated in a message: a few frames lie between the two."""
    for depth in range(700, 1000):
        code, out, err = run(monkeypatch, '{"liver_lesions": [{"diameter_mm": ' + "[" * depth + "]" * depth + "}]}")
        assert (code, out, err.count("\n")) == (2, "", 1), depth


def test_what_a_message_repeats_cannot_steer_the_terminal_or_flood_it(monkeypatch):
    _, _, err = run(monkeypatch, json.dumps({"\x1b[2J\x00" + "x" * 9000: 1}))
    assert "\x1b" not in err
    assert "\x00" not in err
    assert len(err) < 2500


def test_a_line_separator_inside_a_text_ends_no_line(monkeypatch):
    text = "".join(json.dumps({"comorbidity_note": note}, ensure_ascii=False) + "\n" for note in ("a\u2028b", "c\x85d"))
    assert run(monkeypatch, text)[0] == 0


def test_a_file_that_is_not_there_gives_one_line(capsys):
    err = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("classify", "no-such-file.json", stderr=err)
    assert stop.value.code == 2
    assert err.getvalue().count("\n") == 1


def test_the_database_is_left_alone(monkeypatch):
    """Without the marker for the database any query would fail here."""
    assert run(monkeypatch, "{}")[0] == 0


def test_baseline_and_restaging_are_kept_apart(monkeypatch):
    """The type rests on the first alone; what can be resected now, and a scheme that follows the course, on both."""
    restaging = {"liver_lesion_count": 7, "best_response": "PD"}
    case = {"baseline": {"liver_lesion_count": 2, "t_category": "T3"}, "restaging": restaging}
    _, apart, _ = run(monkeypatch, json.dumps(case))
    _, alone, _ = run(monkeypatch, json.dumps(case["baseline"]))
    apart, alone = json.loads(apart), json.loads(alone)
    assert apart["phases"] == {"baseline": True, "restaging": True}
    assert apart["systems"]["c-gclm"]["possible"] == alone["systems"]["c-gclm"]["possible"]
    assert apart["systems"]["omec"]["possible"] != alone["systems"]["omec"]["possible"]
    assert "I" not in apart["current_resectability"]["possible"]


def test_no_restaging_yet_is_said_by_null_or_by_nothing(monkeypatch):
    plain = run(monkeypatch, json.dumps(CASE))
    assert run(monkeypatch, json.dumps({"baseline": CASE})) == plain
    assert run(monkeypatch, json.dumps({"baseline": CASE, "restaging": None})) == plain


@pytest.mark.parametrize(
    ("case", "named"),
    [
        ({"restaging": {"ecog": 1}}, "baseline"),
        ({"baseline": {}, "restaging": {}, "ecog": 1}, "ecog"),
        ({"baseline": {}, "restaging": []}, "restaging"),
        ({"baseline": None}, "baseline"),
        ({"baseline": {}, "restaging": {"ecog": 9}}, "ecog"),
    ],
)
def test_phases_that_are_no_phases_are_refused_by_name(monkeypatch, case, named):
    code, out, err = run(monkeypatch, json.dumps(case))
    assert (code, out) == (2, "")
    assert named in err
