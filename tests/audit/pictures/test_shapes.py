"""Scales, ticks and room for words, against values reckoned by hand."""

import pytest

from mdt.audit.pictures.shapes import Scale, nice_step, number, spread, staircase, steps_over, words_width


def test_a_scale_puts_values_where_they_belong_also_upside_down():
    assert Scale(0, 1, 300, 14)(0.25) == 228.5
    assert Scale(-5, 15, 100, 500)(0) == 200


def test_coordinates_are_written_to_a_hundredth_without_idle_zeros():
    assert [number(value) for value in (46.0, 12.5, 1 / 3, -0.001, 100)] == ["46", "12.5", "0.33", "0", "100"]


@pytest.mark.parametrize(
    ("reach", "step"), [(6, 1), (6.1, 2), (30, 5), (31, 10), (0.6, 0.1), (0.25, 0.05), (100, 20), (1, 0.2)]
)
def test_ticks_are_one_two_or_five_times_a_power_of_ten(reach, step):
    assert nice_step(reach) == pytest.approx(step)


def test_ticks_hold_the_values_between_them():
    assert steps_over(3, 17, 5) == [0, 5, 10, 15, 20]
    assert steps_over(0, 20, 5) == [0, 5, 10, 15, 20]
    assert steps_over(-3, 4, 2) == [-4, -2, 0, 2, 4]
    assert steps_over(0.3, 0.6, 0.1) == pytest.approx([0.3, 0.4, 0.5, 0.6])


def test_a_staircase_goes_along_before_it_goes_down():
    assert staircase([(0, 10), (5, 10), (5, 20), (9, 20)]) == "M0 10H5V10H5V20H9V20"


def test_labels_keep_their_distance_and_stay_inside():
    assert spread([100, 102, 200], 0, 300) == [100, 114, 200]
    assert spread([298, 299], 0, 300) == [286, 300]
    assert spread([5, 5, 5], 0, 20) == [0, 10, 20]
    assert spread([50, 10], 0, 300) == [50, 10]
    assert spread([], 0, 300) == []


def test_a_chinese_character_takes_the_room_of_two_letters():
    assert words_width("临床") == pytest.approx(24.4)
    assert words_width("I 型") == pytest.approx(25.4)
