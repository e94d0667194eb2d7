"""Days of the calendar are found in the ways that people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quantities.days import Day, find_days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on 8 September 2016", [Day(9, 8, 2016)]),
        ("on Sept. 8, 2016, at dusk", [Day(9, 8, 2016)]),
        ("the 1st of May", [Day(5, 1, None)]),
        ("May 1st", [Day(5, 1, None)]),
        ("published 2025-09-16T08:00", [Day(9, 16, 2025)]),
        ("in September 2016", []),
        ("in May 2,500 people came", []),
        ("on 45 March", []),
        ("version 2025-13-40", []),
    ],
)
def test_days_are_read(text, days):
    assert find_days(text) == days


def test_a_year_that_is_left_out_is_no_difference():
    assert Day(9, 8, None).is_same_as(Day(9, 8, 2016))
    assert not Day(9, 8, 2015).is_same_as(Day(9, 8, 2016))
    assert not Day(8, 9, 2016).is_same_as(Day(9, 8, 2016))


@given(st.text(alphabet="0123456789 -,.AprilMayJun", max_size=60))
def test_no_text_gives_a_day_that_no_calendar_has(text):
    assert all(1 <= one.month <= 12 and 1 <= one.day <= 31 for one in find_days(text))
