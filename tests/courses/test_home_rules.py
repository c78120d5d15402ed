"""How a day and a training record are put together."""

from datetime import date, timedelta

import pytest

from courses.home.rules import NEWS_LIFE, RecordLine, Standing, by_year, is_news
from tests.conftest import NINE


def line(completed_on, minutes=30):
    return RecordLine("Khóa học", "khoa-hoc", completed_on, minutes, None, None, False)


@pytest.mark.parametrize(
    ("done", "required", "percent"),
    [(0, 0, 0), (0, 3, 0), (1, 3, 33), (2, 3, 66), (3, 3, 100)],
)
def test_percent_is_rounded_down(done, required, percent):
    assert Standing(done, required, 0, False).percent == percent


def test_a_certificate_is_news_for_two_weeks():
    assert is_news(NINE, NINE)
    assert is_news(NINE, NINE + NEWS_LIFE - timedelta(microseconds=1))
    assert not is_news(NINE, NINE + NEWS_LIFE)


def test_a_record_goes_by_year_the_latest_first():
    lines = [
        line(date(2025, 3, 1), 45),
        line(date(2026, 9, 5)),
        line(date(2025, 12, 31)),
    ]

    years = by_year(lines)

    assert [(year.year, len(year.lines), year.minutes) for year in years] == [
        (2026, 1, 30),
        (2025, 2, 75),
    ]
    assert years[1].lines[0].completed_on == date(2025, 12, 31)


def test_an_empty_record_has_no_years():
    assert by_year([]) == []
