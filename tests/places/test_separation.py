"""Three administrators, three people, and none of them works on matters."""

import pytest

from fengqiao.accounts.models import Person
from fengqiao.kernel.errors import Invalid
from fengqiao.places.domain.organisation import take_organisation
from tests import small_county

pytestmark = pytest.mark.django_db

COUNTY = "440785000000"


@pytest.mark.parametrize(
    "roles",
    [
        ("system_administrator", "security_administrator"),
        ("auditor", "system_administrator"),
        ("security_administrator", "director"),
        ("registrar", "auditor"),
    ],
)
def test_nobody_holds_an_administrators_post_beside_another(roles: tuple[str, str]):
    small_county.build()
    before = Person.objects.count()
    posts = [{"role": role, "division": COUNTY, "centre": COUNTY} for role in roles]
    data = {"person": [{"login": "both", "name": "某人", "posts": posts}]}
    with pytest.raises(Invalid) as refused:
        take_organisation(data, password=lambda login: None)
    assert {k: str(v) for k, v in refused.value.errors.items()} == {
        "person[0].posts": "管理员岗位须由专人担任：同一个人不能再担任其他岗位。"
    }
    assert Person.objects.count() == before


def test_one_administrators_post_at_two_places_is_one_work():
    small_county.build()
    posts = [{"role": "auditor", "division": code} for code in (COUNTY, "440783000000")]
    take_organisation(
        {"person": [{"login": "looker", "name": "某人", "posts": posts}]}, password=lambda login: None
    )
    assert Person.objects.get(username="looker").stationings.count() == 2
