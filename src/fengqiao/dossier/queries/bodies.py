"""What papers say of the body that mediates: its name and seal, its kind, its fee, and which law stands behind it."""

from __future__ import annotations

from fengqiao.agreements.wording import in_capitals
from fengqiao.dossier.forms import PEOPLES, words_said
from fengqiao.dossier.paper import said
from fengqiao.mediation.enums import Initiative
from fengqiao.mediation.models import Footing
from fengqiao.mediation.queries.process import body_of
from fengqiao.rules.queries.mediation_bodies import MediatingBody

FEES = {
    "free": "不收取任何费用",
    "may_charge": "按照公开的标准收取费用",
    "unsaid": "是否收费按照有关规定执行",
}


def of_the_body(footing: Footing | None) -> dict[str, str]:
    """While nobody wrote down who mediates, the name is left open and the dossier is that of people's mediation."""
    body = body_of(footing)
    kind = body.kind_zh if body else PEOPLES
    values = {
        "kind": kind,
        "fee": _fee(footing, body),
        "seal_place": "（调解组织印章）" if body is None or body.seals else f"（{body.seal_zh}）",
        **words_said("people" if kind == PEOPLES else "others"),
    }
    if body and body.by_parties:
        values |= words_said("by_parties")
    # What of its agreements no court confirms says why.
    if body and not body.confirms:
        values["confirmable"] = f"{body.note}。"
    if footing and body:
        values |= {
            "organisation": _organisation(footing, body),
            "organisation_name": footing.name,
            "initiative": said(Initiative, footing.initiative),
        }
    return values


def _fee(footing: Footing | None, body: MediatingBody | None) -> str:
    """Whether it costs anything, and what the parties agreed to pay."""
    if footing and footing.fee:
        return f"调解费用人民币{footing.fee:,.2f}元（大写：{in_capitals(footing.fee)}）"
    return FEES[body.fee] if body else FEES["free"]


def _organisation(footing: Footing, body: MediatingBody) -> str:
    """Its name, of which kind it is where the name does not say it, and whose seal its papers bear."""
    of = body.name_zh.partition("（")[0]
    kind = "" if footing.name.endswith(of) else f"{of}；"
    return f"{footing.name}（{kind}{body.seal_zh}）"
