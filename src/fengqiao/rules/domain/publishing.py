"""Putting a county's table in force, by another person than its author, and ending it.

A version never begins on a day that is over: what was decided under the earlier one stays decided under it.
The version before it ends the day before. The caller opens the scope and audits (flows/rule_tables.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.rules.domain.drafting import LONGEST_NOTE, check_ready, locked, save
from fengqiao.rules.enums import OwnTable, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.policies import check_may_approve


def approve(*, actor: Actor, version_id: UUID, version: int, effective_from: date) -> TableVersion:
    """Publishes a submitted version from a day on; raises ``NotReady`` for one with problems."""
    check_may_approve(actor)
    found = locked(actor, version_id, version, VersionState.SUBMITTED)
    if found.author_id == actor.person_id:
        raise NotAllowed("own_draft", _("起草的人不能批准自己的草案，请另一位主任或常务副主任批准。"))
    if found.kind == OwnTable.LIMITS and effective_from == clock.today():
        # What began this morning is counted already: a day has one table.
        raise Invalid({"effective_from": _("时限表从明天起才能生效：今天已经起算的时限不变。")})
    if effective_from < clock.today():
        raise Invalid({"effective_from": _("生效日期不能早于今天：以前的事项按当时的规则。")})
    # Looked at again: what the program or the list of categories says may have changed since.
    check_ready(found)
    _end_before(found, effective_from)
    found.state = VersionState.PUBLISHED
    found.approver_id, found.approved_at = actor.person_id, clock.now()
    found.effective_from = effective_from
    return save(found)


def send_back(*, actor: Actor, version_id: UUID, version: int, remark: str) -> TableVersion:
    """Gives a submitted version back to its author, with what should change."""
    check_may_approve(actor)
    remark = remark.strip()
    if not remark:
        raise Invalid({"remark": _("请写明要改什么。")})
    if len(remark) > LONGEST_NOTE:
        raise Invalid({"remark": _("最多 %(most)d 个字。") % {"most": LONGEST_NOTE}})
    found = locked(actor, version_id, version, VersionState.SUBMITTED)
    found.state, found.remark = VersionState.DRAFT, remark
    return save(found)


def end(*, actor: Actor, version_id: UUID, version: int, until: date) -> TableVersion:
    """Gives a published version its last day, today or later; after it the shipped table answers again.

    Of a county's own limits none are in force then: what is shipped of them is a proposal.
    """
    check_may_approve(actor)
    found = locked(actor, version_id, version, VersionState.PUBLISHED)
    if found.effective_until is not None:
        raise Refusal("ended_already", _("已经写明最后一天。"), field="until")
    if found.effective_from is not None and until < found.effective_from:
        raise Invalid({"until": _("最后一天早于生效日期。")})
    if until < clock.today():
        raise Invalid({"until": _("最后一天不能早于今天：以前的事项按当时的规则。")})
    found.effective_until = until
    return save(found)


def _end_before(following: TableVersion, begins: date) -> None:
    """The versions before get their last day; raises ``Invalid`` where another one holds these days."""
    others = TableVersion.objects.select_for_update(of=("self",)).filter(
        county=following.county, kind=following.kind, state=VersionState.PUBLISHED
    )
    for other in others:
        if other.effective_from is not None and other.effective_from >= begins:
            raise Invalid(
                {
                    "effective_from": _("第 %(number)s 版从 %(day)s 起生效，日期会重叠。请写更晚的日期。")
                    % {"number": other.number, "day": other.effective_from.isoformat()}
                }
            )
        if other.effective_until is None or other.effective_until >= begins:
            other.effective_until = begins - timedelta(days=1)
            save(other)
