"""Before they talk, each party is told what mediation is, their rights and duties, and its effect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.paper import chinese_date
from fengqiao.dossier.queries.facts import facts_of
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import State
from fengqiao.mediation.domain.telling import tell_rights
from fengqiao.mediation.enums import ConsentMethod, Result
from fengqiao.mediation.models import Consent, RightsTold
from fengqiao.rules.queries.mediation_telling import all_to_tell, to_tell_of, to_tell_on
from tests.matters.ground import act, fresh, refuses, rows, told
from tests.mediation.test_mediating import mediating, recorded
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db


def tell(county: SmallCounty, matter: Any, consents: list, who: Any = Role.MEDIATOR, **changes: Any) -> Any:
    given = {"method": ConsentMethod.IN_PERSON, "told_on": clock.today()} | changes
    return act(county, who, tell_rights, matter, consents=consents, **given)


def test_each_party_is_told_once_and_the_page_says_so(county: SmallCounty):
    matter = mediating(county)
    mine, other = (row[0] for row in rows(Consent, matter, "pk"))
    day = clock.today()
    for who, consents, changes, code, field in (
        (Role.DISPATCHER, [mine], {}, "post_may_not", None),
        ((Role.MEDIATOR, "other"), [mine], {}, "matter_not_found", None),
        (Role.MEDIATOR, [], {}, "invalid", "consents"),
        (Role.MEDIATOR, [mine, new_id()], {}, "invalid", "consents"),
        (Role.MEDIATOR, [mine], {"told_on": day + timedelta(days=1)}, "invalid", "told_on"),
        (Role.MEDIATOR, [mine], {"told_on": day - timedelta(days=4000)}, "invalid", "told_on"),
    ):
        with refuses(code, field=field):
            tell(county, matter, consents, who, **changes)
    tell(county, matter, [mine], method=ConsentMethod.WRITTEN)
    assert told(matter)[-1] == "mediation.tell"
    with refuses("told_already", field="consents"):
        tell(county, matter, [mine, other])
    desk = at_the_desk(county, Role.MEDIATOR)
    address = f"/matters/{matter.code}/mediation/tell"
    form = desk.get(address).content.decode()
    assert str(other) in form
    assert str(mine) not in form
    assert "人民调解法 第3条" in form
    sent = desk.post(address, {"consents": [str(other)], "method": "phone", "told_on": str(day)})
    assert sent.status_code == 302
    assert sorted(rows(RightsTold, matter, "consent_id", "method", "told_on")) == sorted(
        [(mine, "written", day), (other, "phone", day)]
    )
    actor = county.actor(Role.MEDIATOR)
    with scope(actor):
        sheet = facts_of(fresh(county, matter)).values["rights_told"]
    assert sheet.count(chinese_date(day)) == 2
    assert "（书面）" in sheet
    page = desk.get(reverse("matter", args=[matter.code])).content.decode()
    assert page.count("已告知权利义务") == 2
    assert address not in page
    recorded(county, matter, Result.ORAL)
    with refuses("no_mediation"):
        tell(county, matter, [mine])


def test_nobody_is_told_where_nothing_is_mediated(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    with refuses("no_mediation"):
        tell(county, matter, [new_id()])


def test_what_is_told_names_its_articles():
    assert {each.id: each.basis for each in to_tell_on(clock.today())} == {
        "nature": "人民调解法 第4条、第7条",
        "principles": "人民调解法 第3条",
        "rights": "人民调解法 第23条",
        "duties": "人民调解法 第24条",
        "effect": "人民调解法 第31条、第33条",
    }
    row = {name: str(value or "") for name, value in vars(all_to_tell()[0]).items()}
    for changed in ([row, row], [row | {"basis": ""}]):
        with pytest.raises(ValueError, match="nature"):
            to_tell_of(changed)
