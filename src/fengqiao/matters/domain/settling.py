"""Step six: return visit, evaluation, performance, closing, archive, reopening, withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.move import move
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import Action, Outcome, Performance, Satisfaction, VisitMethod, WordKind
from fengqiao.matters.models import Evaluation, Matter, Visit
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.matters import visit_attempts

# What a matter forgets when it is opened again: its result has to be reached anew.
OPENED_AGAIN = {
    "outcome": "",
    "merged_into_id": None,
    "settled_at": None,
    "closed_at": None,
    "performance": Performance.NONE,
    "performance_due": None,
    "satisfaction": "",
    "receipt_number": "",
    "remedies_told_at": None,
    "visit_attempts": 0,
    "lead_department_id": None,
}


@dataclass(frozen=True)
class VisitReport:
    """What a return visit found."""

    method: VisitMethod
    reached: bool
    performance: Performance | None = None
    satisfaction: Satisfaction | None = None
    hidden_trouble: str = ""
    remark: str = ""


def return_visit(*, actor: Actor, matter_id: UUID, report: VisitReport, version: int | None = None) -> Matter:
    """A visit by someone other than the handler, or an attempt that reached nobody."""
    if report.reached and report.satisfaction is None:
        raise Invalid({"satisfaction": _("请记录满意程度；对方没有说的选“未表示”。")})
    changes: dict[str, object] = {}
    if report.reached:
        changes["satisfaction"] = report.satisfaction
        if report.performance == Performance.DEFAULTED:
            raise Invalid({"performance": _("对方没有履行的，请用“记录履行”里的“未履行”，事项会重新打开。")})
        if report.performance is not None:
            changes["performance"] = report.performance
    else:
        changes["visit_attempts"] = visit_attempts(matter_id) + 1
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.RETURN_VISIT,
        branch="reached" if report.reached else "unreached",
        version=version,
        changes=changes,
        parameters={
            "method": report.method,
            "satisfaction": report.satisfaction,
            "performance": report.performance,
            "hidden_trouble": bool(report.hidden_trouble.strip()),
        },
    )
    Visit.objects.create(
        **of(matter),
        method=report.method,
        reached=report.reached,
        performance=report.performance or "",
        satisfaction=report.satisfaction or "",
        hidden_trouble=allowed("hidden_trouble", report.hidden_trouble),
        remark=allowed("remark", report.remark),
        by_id=actor.person_id,
        at=clock.now(),
    )
    return matter


def evaluate(
    *,
    actor: Actor,
    matter_id: UUID,
    lawful: bool,
    complete: bool,
    remark: str = "",
    version: int | None = None,
) -> Matter:
    """The centre looks at the work done: was it lawful, is the file complete."""
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.EVALUATE,
        version=version,
        parameters={"lawful": lawful, "complete": complete},
    )
    Evaluation.objects.create(
        **of(matter),
        lawful=lawful,
        complete=complete,
        remark=allowed("remark", remark),
        by=actor.person_id,
        at=clock.now(),
    )
    return matter


def record_performance(
    *, actor: Actor, matter_id: UUID, performed: bool, summary: str, version: int | None = None
) -> Matter:
    """What was promised was done, or was not: then the matter opens again under the same code."""
    summary = needed("summary", summary, _("请写明履行的情况和凭证。"))
    changes: dict[str, object] = (
        {"performance": Performance.PERFORMED}
        if performed
        else {**OPENED_AGAIN, "reopened": _once_more(matter_id)}
    )
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.RECORD_PERFORMANCE,
        branch="performed" if performed else "defaulted",
        version=version,
        changes=changes,
        words={WordKind.SUMMARY: summary},
    )


def record_receipt(
    *, actor: Actor, matter_id: UUID, number: str, summary: str = "", version: int | None = None
) -> Matter:
    """The receiving body has confirmed a guided or redirected matter."""
    number = needed("number", number, _("请填写接收单位的回执号或接收人。"))
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.RECORD_RECEIPT,
        version=version,
        changes={"receipt_number": number[:100]},
        words={WordKind.SUMMARY: allowed("summary", summary)},
    )


def tell_remedies(*, actor: Actor, matter_id: UUID, text: str, version: int | None = None) -> Matter:
    """The person was told in writing which remedies the law gives (review, arbitration, court)."""
    text = needed("text", text, _("请写明告知了哪些救济途径。"), shortest=4)
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.TELL_REMEDIES,
        version=version,
        changes={"remedies_told_at": clock.now()},
        words={WordKind.EXPLANATION: text},
    )


def close(*, actor: Actor, matter_id: UUID, remark: str = "", version: int | None = None) -> Matter:
    """案结事了. What it needs is a table: outcome × evidence (rules/data/closing.csv)."""
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.CLOSE,
        version=version,
        changes={"closed_at": clock.now()},
        words={WordKind.SUMMARY: allowed("remark", remark)},
    )


def archive(*, actor: Actor, matter_id: UUID, version: int | None = None) -> Matter:
    """Freezes the matter: the table has no cell that leads out of the archive."""
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.ARCHIVE,
        version=version,
        changes={"archived_at": clock.now()},
    )


def reopen(
    *, actor: Actor, matter_id: UUID, reason: str, new_facts: str = "", version: int | None = None
) -> Matter:
    """Opens it again under the same code; after a petition's final review only on new facts."""
    reason = needed("reason", reason, _("请写明重启的理由。"), shortest=4)
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.REOPEN,
        version=version,
        changes={**OPENED_AGAIN, "reopened": _once_more(matter_id)},
        words={WordKind.REASON: reason, WordKind.GROUNDS: allowed("new_facts", new_facts)},
        facts={"new_facts": new_facts.strip()},
    )


def withdraw(*, actor: Actor, matter_id: UUID, reason: str, version: int | None = None) -> Matter:
    """The petitioner withdraws and says so; it is written in their words."""
    reason = needed("reason", reason, _("请写明当事人撤回的意思和原因。"), shortest=4)
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.WITHDRAW,
        version=version,
        changes={"outcome": Outcome.WITHDRAWN, "settled_at": clock.now()},
        words={WordKind.REASON: reason},
    )


def _once_more(matter_id: UUID) -> int:
    seen = Matter.objects.filter(pk=matter_id).values_list("reopened", flat=True).first()
    return (seen or 0) + 1
