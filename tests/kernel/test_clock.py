from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from fengqiao.kernel import clock


def test_the_clock_stands_where_it_was_set_and_goes_on_afterwards():
    moment = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    with clock.at(moment):
        assert clock.now() == moment
        with clock.at(moment - timedelta(days=1)):
            assert clock.now() == moment - timedelta(days=1)
        assert clock.now() == moment
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_the_clock_is_set_back_when_something_fails():
    with pytest.raises(ZeroDivisionError), clock.at(datetime(2020, 1, 1, tzinfo=UTC)):
        raise ZeroDivisionError
    assert clock.now().year != 2020


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 20, 0, 30, tzinfo=timezone(timedelta(hours=8))), date(2026, 11, 20)),
    ],
)
def test_the_day_of_the_law_is_that_of_shanghai(moment, day):
    with clock.at(moment):
        assert clock.today() == day
        assert clock.now().utcoffset() == timedelta(0)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 11, 20)):
        pass
