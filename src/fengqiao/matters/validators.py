"""The shape of a registration: what the program holds every door to, whichever form it came by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.kernel import clock, identity
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.enums import IdentityKind, PartyKind
from fengqiao.matters.intake import NewMatter, NewParty
from fengqiao.rules.queries.categories import is_leaf

MOST_REPRESENTATIVES = 5  # 信访工作条例 第20条
MOST_TITLE = 200
MOST_ACCOUNT = 20_000
MOST_PEOPLE = 1_000_000
MOST_CARE = 200

CHECKS: dict[str, tuple[Any, Any]] = {
    IdentityKind.RESIDENT_ID: (
        identity.is_resident_id,
        _("身份证号不对：请核对 18 位号码和最后一位校验码。"),
    ),
    IdentityKind.PASSPORT: (identity.PASSPORT.match, _("护照号应为 5 至 17 位字母和数字。")),
    IdentityKind.HK_MACAO: (
        identity.HK_MACAO_PERMIT.match,
        _("港澳通行证号应为 H 或 M 加 8 位（或 10 位）数字。"),
    ),
    IdentityKind.TAIWAN: (identity.TAIWAN_PERMIT.match, _("台湾通行证号应为 8 位数字。")),
    IdentityKind.CREDIT_CODE: (
        identity.is_credit_code,
        _("统一社会信用代码不对：请核对 18 位代码和校验位。"),
    ),
}

# The database keeps no NUL; half a surrogate pair is no character at all.
NOT_KEPT = re.compile("[\x00\ud800-\udfff]")
NOT_DIALLED = re.compile(r"[^0-9+()]")

PARTY_TEXTS = (
    ("name", 100, _("姓名最多 100 字。")),
    ("legal_representative", 64, _("法定代表人最多 64 字。")),
    ("agent_power", 200, _("授权说明最多 200 字。")),
    ("wish", 2000, _("希望最多 2,000 字。")),
)


def check(new: NewMatter) -> None:
    """Raises ``Invalid`` with one sentence for each wrong field; keys like ``parties.0.identity``."""
    errors: dict[str, Any] = {}
    _check_texts(new, errors)
    _check_facts(new, errors)
    _check_stakes(new, errors)
    representatives = [p for p in new.parties if p.is_representative]
    if len(representatives) > MOST_REPRESENTATIVES:
        errors["parties"] = _("推选代表不得超过五人（信访工作条例第二十条）。")
    for place, party in enumerate(new.parties):
        _check_party(party, f"parties.{place}", len(new.parties), place, errors)
    for place, procedure in enumerate(new.procedures):
        if len(procedure.number) > 80 or len(procedure.body) > 100:
            errors[f"procedures.{place}.number"] = _("案号或机关名称太长。")
    for place, outside in enumerate(new.outside_numbers):
        if not 1 <= len(outside.number.strip()) <= 80:
            errors[f"outside_numbers.{place}.number"] = _("编号应为 1 至 80 字。")
    for name, text in _all_texts(new):
        if NOT_KEPT.search(text):
            errors[name] = _("文字中有无法保存的字符。")
    if errors:
        raise Invalid(errors)


def _check_texts(new: NewMatter, errors: dict[str, Any]) -> None:
    if not new.title.strip():
        errors["title"] = _("请用一句话写明是什么事。")
    if len(new.title) > MOST_TITLE:
        errors["title"] = _("标题最多 200 字，详细情况请写在“经过”里。")
    if len(new.account) > MOST_ACCOUNT:
        errors["account"] = _("经过最多 20,000 字；更长的材料请作为附件上传。")
    for place, claim in enumerate(new.claims):
        if len(claim.text) > 2000:
            errors[f"claims.{place}.text"] = _("诉求最多 2,000 字。")
    if len(new.address) > 200:
        errors["address"] = _("地址最多 200 字。")
    if len(new.against_name) > 100:
        errors["against_name"] = _("名称最多 100 字。")


def _all_texts(new: NewMatter) -> Iterator[tuple[str, str]]:
    """Every text that will be written as it is, with the name of its field."""
    for name in ("title", "account", "address", "against_name", "care", "source", "source_number"):
        yield name, getattr(new, name)
    for place, claim in enumerate(new.claims):
        yield f"claims.{place}.text", claim.text
    for place, party in enumerate(new.parties):
        for name, _most, _sentence in PARTY_TEXTS:
            yield f"parties.{place}.{name}", getattr(party, name)
        for address in party.addresses:
            yield f"parties.{place}.address", address
    for place, procedure in enumerate(new.procedures):
        yield f"procedures.{place}.number", procedure.number + procedure.body
    for place, outside in enumerate(new.outside_numbers):
        yield f"outside_numbers.{place}.number", outside.number


def _check_facts(new: NewMatter, errors: dict[str, Any]) -> None:
    if new.received_at is not None and new.received_at > clock.now():
        errors["received_at"] = _("收到的时间不能晚于现在。")
    if new.happened_on and new.happened_on > clock.today():
        errors["happened_on"] = _("发生日期不能晚于今天。")
    if new.category and not is_leaf(new.category):
        errors["category"] = _("没有这个纠纷类型，请从列表中选择二级类型。")
    if new.people is not None and not 1 <= new.people <= MOST_PEOPLE:
        errors["people"] = _("涉及人数应在 1 到 1,000,000 之间。")
    if new.amount is not None and not (new.amount.is_finite() and 0 <= new.amount < 10**13):
        errors["amount"] = _("涉及金额应为 0 以上的数。")
    if (new.longitude is None) != (new.latitude is None):
        errors["longitude"] = _("经度和纬度要一起填写。")
    if new.longitude is not None and not (73 <= new.longitude <= 136):
        errors["longitude"] = _("经度超出范围。")
    if new.latitude is not None and not (3 <= new.latitude <= 54):
        errors["latitude"] = _("纬度超出范围。")


def _check_stakes(new: NewMatter, errors: dict[str, Any]) -> None:
    if new.harm_on and new.harm_on < clock.today():
        errors["harm_on"] = _("可能造成损害的日子不能早于今天；已经发生的，请写在“经过”里。")
    if new.needs_care and not new.care.strip():
        errors["care"] = _("请写明要特别留意什么，不用写姓名。")
    elif new.care.strip() and not new.needs_care:
        errors["needs_care"] = _("写了要特别留意什么，请选“是”。")
    if len(new.care) > MOST_CARE:
        errors["care"] = _("最多 200 字。")


def _check_party(party: NewParty, key: str, count: int, place: int, errors: dict[str, Any]) -> None:
    if party.kind != PartyKind.ANONYMOUS and not party.name.strip():
        errors[f"{key}.name"] = _("请填写姓名或名称；不愿透露的请选“匿名”。")
    for name, most, sentence in PARTY_TEXTS:
        if len(getattr(party, name)) > most:
            errors[f"{key}.{name}"] = sentence
    _check_identity(party, key, errors)
    for phone in party.phones:
        digits = identity.normalise_phone(phone).lstrip("+")
        # What is stored is only the digits: an extension or a remark would make another number of it.
        foreign = NOT_DIALLED.search(identity.normalise(phone))
        if foreign or not digits.isdigit() or not 5 <= len(digits) <= 17:
            errors[f"{key}.phone"] = _("电话号码不对：请填写 5 至 17 位数字，境外号码以 + 开头。")
    for address in party.addresses:
        if len(address) > 200:
            errors[f"{key}.address"] = _("住址最多 200 字。")
    if party.agent_for is not None:
        if not 0 <= party.agent_for < count or party.agent_for == place:
            errors[f"{key}.agent_for"] = _("请选择代理谁。")
        if not party.agent_power.strip():
            errors[f"{key}.agent_power"] = _("代理人须写明授权（委托书或法定代理的依据）。")


def _check_identity(party: NewParty, key: str, errors: dict[str, Any]) -> None:
    number = identity.normalise(party.identity)
    if party.identity_kind == IdentityKind.NONE:
        if number:
            errors[f"{key}.identity_kind"] = _("请选择证件种类。")
    elif not number:
        errors[f"{key}.identity"] = _("请填写证件号码，或把证件种类改为“未提供”。")
    elif not CHECKS[party.identity_kind][0](number):
        errors[f"{key}.identity"] = CHECKS[party.identity_kind][1]
