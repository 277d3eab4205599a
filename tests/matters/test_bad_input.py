"""Wrong input: each gets its own sentence at its own field, all of them at once, and nothing is written."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import (
    ClaimKind,
    IdentityKind,
    OutsideSystem,
    PartyKind,
    PartyRole,
    ProcedureKind,
)
from fengqiao.matters.intake import NewClaim, NewOutsideNumber, NewParty, NewProcedure
from fengqiao.matters.models import Claim, Matter, Party
from fengqiao.matters.queries.ledger import LedgerFilter, matching
from fengqiao.places.models import Division
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows
from tests.small_county import RESIDENT_IDS, SmallCounty, wages

UNKEPT = "文字中有无法保存的字符。"
WRONG_ID = "身份证号不对：请核对 18 位号码和最后一位校验码。"
PHONE = "电话号码不对：请填写 5 至 17 位数字，境外号码以 + 开头。"


def party(**values) -> dict:
    return {"parties": (NewParty(**({"name": "黄某某"} | values)),)}


def errors_of(county: SmallCounty, **changes) -> dict[str, str]:
    """What a registration is told, having written nothing."""
    first = next(iter(changes.pop("fields", [])), None)
    with refuses("invalid", field=first) as refusal:
        act(county, Role.REGISTRAR, register, new=wages(**changes))
    return {name: str(sentence) for name, sentence in refusal.value.errors.items()}


TOMORROW = clock.today() + timedelta(days=1)

WRONG = [
    ("title", {"title": "  "}, "请用一句话写明是什么事。"),
    ("title", {"title": "长" * 201}, "标题最多 200 字，详细情况请写在“经过”里。"),
    ("title", {"title": "标题\x00"}, UNKEPT),
    ("account", {"account": "长" * 20_001}, "经过最多 20,000 字；更长的材料请作为附件上传。"),
    ("account", {"account": "x" * 5_000_000}, "经过最多 20,000 字；更长的材料请作为附件上传。"),
    ("account", {"account": "经过\x00"}, UNKEPT),
    ("account", {"account": "半个表情\ud83d"}, UNKEPT),
    ("address", {"address": "长" * 201}, "地址最多 200 字。"),
    ("against_name", {"against_name": "长" * 101}, "名称最多 100 字。"),
    ("against_name", {"against_name": "某局\x00"}, UNKEPT),
    ("happened_on", {"happened_on": TOMORROW}, "发生日期不能晚于今天。"),
    ("category", {"category": "07"}, "没有这个纠纷类型，请从列表中选择二级类型。"),
    ("category", {"category": "0777"}, "没有这个纠纷类型，请从列表中选择二级类型。"),
    ("people", {"people": 0}, "涉及人数应在 1 到 1,000,000 之间。"),
    ("people", {"people": 1_000_001}, "涉及人数应在 1 到 1,000,000 之间。"),
    ("amount", {"amount": Decimal("-0.01")}, "涉及金额应为 0 以上的数。"),
    ("amount", {"amount": Decimal("1e13")}, "涉及金额应为 0 以上的数。"),
    ("amount", {"amount": Decimal("NaN")}, "涉及金额应为 0 以上的数。"),
    ("longitude", {"longitude": Decimal("112.3")}, "经度和纬度要一起填写。"),
    ("longitude", {"longitude": Decimal("0"), "latitude": Decimal("22")}, "经度超出范围。"),
    ("latitude", {"longitude": Decimal("112"), "latitude": Decimal("90")}, "纬度超出范围。"),
    ("division", {"division": "440785999000", "grid": ""}, "没有这个区划或网格，请从列表中选择。"),
    ("division", {"division": "恩平市", "grid": ""}, "没有这个区划或网格，请从列表中选择。"),
    ("grid", {"grid": "440785102201777"}, "没有这个区划或网格，请从列表中选择。"),
    ("grid", {"division": "440785001001"}, "没有这个区划或网格，请从列表中选择。"),
    ("claims.0.text", {"claims": (NewClaim(ClaimKind.RESOLVE, "长" * 2001),)}, "诉求最多 2,000 字。"),
    ("claims.0.text", {"claims": (NewClaim(ClaimKind.RESOLVE, "\x00"),)}, UNKEPT),
    (
        "procedures.0.number",
        {"procedures": (NewProcedure(ProcedureKind.LITIGATION, number="长" * 81),)},
        "案号或机关名称太长。",
    ),
    (
        "procedures.0.number",
        {"procedures": (NewProcedure(ProcedureKind.LITIGATION, body="法院\x00"),)},
        UNKEPT,
    ),
    (
        "outside_numbers.0.number",
        {"outside_numbers": (NewOutsideNumber(OutsideSystem.HOTLINE, "1" * 81),)},
        "编号应为 1 至 80 字。",
    ),
    (
        "outside_numbers.0.number",
        {"outside_numbers": (NewOutsideNumber(OutsideSystem.HOTLINE, " "),)},
        "编号应为 1 至 80 字。",
    ),
    ("parties.0.name", party(name=" "), "请填写姓名或名称；不愿透露的请选“匿名”。"),
    ("parties.0.name", party(name="长" * 101), "姓名最多 100 字。"),
    ("parties.0.name", party(name="黄\x00某"), UNKEPT),
    ("parties.0.wish", party(wish="长" * 2001), "希望最多 2,000 字。"),
    ("parties.0.wish", party(wish="\x00"), UNKEPT),
    ("parties.0.legal_representative", party(legal_representative="长" * 65), "法定代表人最多 64 字。"),
    ("parties.0.address", party(addresses=("长" * 201,)), "住址最多 200 字。"),
    ("parties.0.address", party(addresses=("某村\x00",)), UNKEPT),
    (
        "parties.0.identity",
        party(identity_kind=IdentityKind.RESIDENT_ID, identity="440785193001010015"),
        WRONG_ID,
    ),
    (
        "parties.0.identity",
        party(identity_kind=IdentityKind.RESIDENT_ID, identity="44078519300101001"),
        WRONG_ID,
    ),
    (
        "parties.0.identity",
        party(identity_kind=IdentityKind.RESIDENT_ID, identity="440785193013010011"),
        WRONG_ID,
    ),
    (
        "parties.0.identity",
        party(identity_kind=IdentityKind.PASSPORT, identity="护照"),
        "护照号应为 5 至 17 位字母和数字。",
    ),
    (
        "parties.0.identity",
        party(identity_kind=IdentityKind.HK_MACAO, identity="A12345678"),
        "港澳通行证号应为 H 或 M 加 8 位（或 10 位）数字。",
    ),
    (
        "parties.0.identity",
        party(identity_kind=IdentityKind.TAIWAN, identity="1234567"),
        "台湾通行证号应为 8 位数字。",
    ),
    (
        "parties.0.identity",
        party(
            kind=PartyKind.ORGANISATION, identity_kind=IdentityKind.CREDIT_CODE, identity="91350100M000100Y44"
        ),
        "统一社会信用代码不对：请核对 18 位代码和校验位。",
    ),
    (
        "parties.0.identity",
        party(identity_kind=IdentityKind.RESIDENT_ID, identity=""),
        "请填写证件号码，或把证件种类改为“未提供”。",
    ),
    ("parties.0.identity_kind", party(identity=RESIDENT_IDS[0]), "请选择证件种类。"),
    ("parties.0.phone", party(phones=("1380000000a",)), PHONE),
    ("parties.0.phone", party(phones=("0750-7112345转801",)), PHONE),
    ("parties.0.phone", party(phones=("13800000001", "138 0000 000２x")), PHONE),
    ("parties.0.phone", party(phones=("1234",)), PHONE),
    ("parties.0.phone", party(phones=("1" * 18,)), PHONE),
    ("parties.0.phone", party(phones=("没有电话",)), PHONE),
    ("parties.0.agent_for", party(agent_for=0, agent_power="委托书"), "请选择代理谁。"),
    ("parties.0.agent_for", party(agent_for=5, agent_power="委托书"), "请选择代理谁。"),
    ("parties.0.agent_for", party(agent_for=-1, agent_power="委托书"), "请选择代理谁。"),
    (
        "parties.1.agent_power",
        {"parties": (NewParty(name="黄某某"), NewParty(name="代理人", agent_for=0, agent_power=" "))},
        "代理人须写明授权（委托书或法定代理的依据）。",
    ),
    (
        "parties.1.agent_power",
        {"parties": (NewParty(name="黄某某"), NewParty(name="代理人", agent_for=0, agent_power="长" * 201))},
        "授权说明最多 200 字。",
    ),
    (
        "parties",
        {"parties": tuple(NewParty(name=f"代表{n}", is_representative=True) for n in range(6))},
        "推选代表不得超过五人（信访工作条例第二十条）。",
    ),
]


@pytest.mark.parametrize(
    ("field", "changes", "sentence"), WRONG, ids=[f"{n}-{each[0]}" for n, each in enumerate(WRONG)]
)
def test_refused_at_its_field(county: SmallCounty, field, changes, sentence):
    assert errors_of(county, fields=[field], **changes) == {field: sentence}


def test_received_in_the_future(county: SmallCounty):
    soon = clock.now() + timedelta(minutes=1)
    assert errors_of(county, fields=["received_at"], received_at=soon) == {
        "received_at": "收到的时间不能晚于现在。"
    }


def test_all_wrong_fields_are_told_at_once(county: SmallCounty):
    said = errors_of(
        county,
        fields=["title"],
        title="",
        people=0,
        category="x",
        parties=(
            NewParty(name="", phones=("1",)),
            NewParty(name="代理人", agent_for=1),
        ),
    )
    assert sorted(said) == [
        "category",
        "parties.0.name",
        "parties.0.phone",
        "parties.1.agent_for",
        "parties.1.agent_power",
        "people",
        "title",
    ]


@pytest.mark.parametrize(
    ("dates", "known"),
    [
        ({"valid_until": clock.today() - timedelta(days=1)}, False),
        ({"valid_until": clock.today()}, True),
        ({"valid_from": clock.today() + timedelta(days=1)}, False),
    ],
)
def test_a_division_that_is_no_longer_or_not_yet_there(county: SmallCounty, dates, known):
    Division.objects.filter(pk="440785001001").update(**dates)
    changes = {"division": "440785001001", "grid": ""}
    if known:
        act(county, Role.REGISTRAR, register, new=wages(**changes))
    else:
        said = errors_of(county, fields=["division"], **changes)
        assert said == {"division": "没有这个区划或网格，请从列表中选择。"}


def test_five_representatives_may_come(county: SmallCounty):
    five = tuple(NewParty(name=f"代表{n}", is_representative=True) for n in range(5))
    matter = act(county, Role.REGISTRAR, register, new=wages(parties=(*five, NewParty(name="随行"))))
    assert [row[0] for row in rows(Party, matter, "is_representative")] == [True] * 5 + [False]


def test_the_longest_texts_are_kept_whole(county: SmallCounty):
    matter = act(
        county,
        Role.REGISTRAR,
        register,
        new=wages(title="题" * 200, account="经" * 20_000, address="址" * 200, against_name="单" * 100),
    )
    now = fresh(county, matter)
    assert (now.title, now.account, now.address, now.against_name) == (
        "题" * 200,
        "经" * 20_000,
        "址" * 200,
        "单" * 100,
    )


STRANGE = [
    "黄🙂某",
    "𠮷野家𰻝𰻝面",
    "<script>alert('枫桥')</script>",
    "\"'; DROP TABLE matters_matter; --",
    "{{ matter }}{% now %}%s%(x)d",
    "a\u202eb\u200bc",
    "ﷺ" * 10,
    "O'Neill & Söhne",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", STRANGE)
def test_strange_text_is_kept_as_it_was_written(county: SmallCounty, text):
    """In every field: it is never cleaned, only shown safely."""
    new = wages(
        title=text,
        account=text,
        address=text,
        against_name=text,
        claims=(NewClaim(ClaimKind.RESOLVE, text),),
        parties=(
            NewParty(name=text, wish=text, legal_representative=text, addresses=(text,)),
            NewParty(role=PartyRole.RESPONDENT, name=text, agent_for=0, agent_power=text),
        ),
        procedures=(NewProcedure(ProcedureKind.LITIGATION, number=text, body=text),),
        outside_numbers=(NewOutsideNumber(OutsideSystem.OTHER, text),),
    )
    matter = act(county, Role.REGISTRAR, register, new=new)
    now = fresh(county, matter)
    assert {now.title, now.account, now.address, now.against_name} == {text}
    assert rows(Claim, matter, "text") == [(text,)]
    assert rows(Party, matter, "name", "wish", "legal_representative", "agent_power") == [
        (text, text, text, ""),
        (text, "", "", text),
    ]
    with scope(EVERYWHERE):
        [procedure] = now.procedures.all()
        [number] = now.outsidenumbers.all()
    assert (procedure.number, procedure.body, number.number) == (text, text, text)


@pytest.mark.parametrize("text", [*STRANGE, "'", "\\", ":*", "& | !", "%", "_", "(", ""])
def test_strange_text_is_searched_without_harm(county: SmallCounty, text):
    act(county, Role.REGISTRAR, register, new=wages())
    registrar = county.actor(Role.REGISTRAR)
    with scope(registrar):
        found = matching(registrar, LedgerFilter(q=text)).count()
        assert found == (Matter.objects.count() if text == "" else 0)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1900, 2, 28), clock.today()])
def test_a_day_long_ago_is_possible(county: SmallCounty, day):
    matter = act(county, Role.REGISTRAR, register, new=wages(happened_on=day))
    assert fresh(county, matter).happened_on == day
