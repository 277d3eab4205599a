"""延长: more time for a limit is asked for with a reason, and granted or refused by somebody else."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks import policies
from fengqiao.clocks.counting import Unit
from fengqiao.clocks.domain.on_clock import OnClock, check_runs, on_clock, written
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Fact
from fengqiao.clocks.queries.extending import most_of
from fengqiao.clocks.wording import unit_in_words
from fengqiao.kernel import clock as present
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import WordKind

LONGEST_CONSENT = 200


def ask(
    *,
    actor: Actor,
    matter_id: UUID,
    clock_id: UUID,
    n: int,
    unit: str,
    reason: str,
    version: int | None = None,
) -> Fact:
    """Asks for ``n`` more of the unit that the limit may be extended by.

    Raises ``Invalid`` by field (over the maximum, another unit), ``Refusal`` where the limit has no extension,
    one is asked for already, or the limit is over.
    """
    found = on_clock(actor=actor, matter_id=matter_id, clock_id=clock_id, version=version)
    policies.check(
        policies.may_ask_extension(actor, found.matter, found.clock), FactKind.EXTENSION_ASKED.label
    )
    _check_extensible(found)
    reason = needed("reason", reason, _("请写明为什么需要延长。"), shortest=4)
    now = present.now()
    check_runs(found, now, field=None)
    if found.own(FactKind.EXTENSION_ASKED):
        raise Refusal("extension_pending", _("已有一份延长申请在等审批。"))
    _check_length(found, n, unit)
    fact = found.new(actor, FactKind.EXTENSION_ASKED, now, n=n, unit=unit, reason=reason)
    written(
        found.matter,
        actor=actor,
        facts=[fact],
        type="clock.ask_extension",
        parameters=_parameters(found, fact) | {"department": found.clock.department_id},
        words={WordKind.REASON: reason},
    )
    return fact


def decide(
    *,
    actor: Actor,
    matter_id: UUID,
    clock_id: UUID,
    approve: bool,
    consent: str = "",
    answer: str = "",
    version: int | None = None,
) -> Fact:
    """Grants the pending request or refuses it: never who made it, and only a post that the limit names.

    ``consent`` says how what the law asks for beside the approval was done (told the petitioner, parties
    agreed); it is needed where the limit names one. Refusing needs a reason.
    """
    found = on_clock(actor=actor, matter_id=matter_id, clock_id=clock_id, version=version)
    policies.check(policies.may_decide_extension(actor, found.matter, found.course.running), _("审批延长"))
    asked = next(iter(found.own(FactKind.EXTENSION_ASKED)), None)
    if asked is None:
        raise Refusal("no_extension", _("没有待审批的延长申请。"))
    if asked.recorded_by == actor.person_id:
        raise NotAllowed("own_extension", _("自己申请的延长，须由他人审批。"))
    answer = allowed("answer", answer)
    consent = allowed("consent", consent)
    now = present.now()
    if approve:
        _check_grant(found, asked, consent)
    else:
        answer = needed("answer", answer, _("不同意的，请写明理由。"))
    fact = found.new(
        actor,
        FactKind.EXTENDED if approve else FactKind.EXTENSION_REFUSED,
        now,
        n=asked.n,
        unit=asked.unit,
        reason=answer,
        consent=consent if approve else "",
        approved_by=actor.person_id if approve else None,
        replaces_id=asked.pk,
    )
    written(
        found.matter,
        actor=actor,
        facts=[fact],
        type="clock.decide_extension." + ("granted" if approve else "refused"),
        parameters=_parameters(found, fact)
        | {"asked": asked.pk, "asked_by": asked.recorded_by, "department": found.clock.department_id},
        words={WordKind.REASON: answer, WordKind.EXPLANATION: fact.consent},
    )
    return fact


def _check_extensible(found: OnClock) -> None:
    if most_of(found.course.limit, found.course.running) is None:
        raise Refusal("limit_knows_no_extension", _("依据里没有这个时限可以延长的规定，或不由本中心延长。"))


def _check_length(found: OnClock, n: int, unit: str) -> None:
    most = most_of(found.course.limit, found.course.running)
    if most is None or unit != most.unit:
        raise Invalid({"unit": _("请按依据里延长的单位填写。")}, code="another_unit")
    if n < 1:
        raise Invalid({"n": _("至少延长 1。")}, code="too_short")
    left = most.n - sum(each.n or 0 for each in found.own(FactKind.EXTENDED))
    if n > left:
        raise Invalid(
            {
                "n": _("最多延长 %(most)s，已延长的计算在内。")
                % {"most": unit_in_words(most.n, Unit(most.unit))}
            },
            code="over_the_maximum",
        )


def _check_grant(found: OnClock, asked: Fact, consent: str) -> None:
    if found.course.stop is not None:
        raise Refusal("limit_stopped", _("这个时限已经停了，不再变动。"))
    # What was asked for in time may be granted later; more than the law gives may not.
    _check_length(found, asked.n or 0, asked.unit)
    if found.course.limit.consent and not consent:
        raise Invalid(
            {
                "consent": _("依据要求：%(what)s。请写明何时、怎样办的。")
                % {"what": found.course.limit.consent}
            },
            code="consent_missing",
        )
    if len(consent) > LONGEST_CONSENT:
        raise Invalid({"consent": _("最多 %(most)d 字。") % {"most": LONGEST_CONSENT}})


def _parameters(found: OnClock, fact: Fact) -> dict[str, object]:
    return {
        "limit": found.clock.limit,
        "clock": found.clock.pk,
        "fact": fact.pk,
        "n": fact.n,
        "unit": fact.unit,
    }
