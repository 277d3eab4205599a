"""Many files drawn at random, another set each time: what failed is printed with how to draw it again."""

import pytest
from hypothesis import HealthCheck, given, settings

from fengqiao.accounts.enums import Role
from tests import small_county
from tests.exchange import fuzzed

pytestmark = pytest.mark.prove
MANY = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


@settings(MANY, max_examples=500)
@given(drawn=fuzzed.spoiled)
def test_any_file_is_read_or_refused_in_words(tmp_path, drawn):
    fuzzed.reading_says_so_or_gives_rows(tmp_path, drawn)


@pytest.mark.django_db
@settings(MANY, max_examples=100)
@given(drawn=fuzzed.tables())
def test_every_row_of_any_table_is_accounted_for(tmp_path, county, drawn):
    fuzzed.every_row_is_accounted_for(tmp_path, county.actor(Role.EXCHANGE), drawn)


@pytest.fixture
def county(db):
    return small_county.build()
