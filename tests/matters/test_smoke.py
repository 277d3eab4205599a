import pytest

from fengqiao.matters.enums import State
from tests import small_county


@pytest.mark.django_db
def test_a_matter_walks_the_whole_way():
    county = small_county.build()
    matter = small_county.brought_to(county, State.ARCHIVED)
    assert matter.history_count > 10
