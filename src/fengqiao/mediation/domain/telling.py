"""Before they talk, each party is told what mediation is and what they may do (告知)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.models.base import of
from fengqiao.mediation.enums import ConsentMethod, MediationAction
from fengqiao.mediation.models import Consent, RightsTold
from fengqiao.mediation.policies import check_may_tell


def tell_rights(
    *,
    actor: Actor,
    matter_id: UUID,
    consents: Collection[UUID],
    method: ConsentMethod,
    told_on: date,
    version: int | None = None,
) -> list[RightsTold]:
    """Writes down that parties of the running mediation were told its nature, principles, effect, rights and duties.

    ``consents``: the answers of those who were told. Refused: where none is running, for parties of another one, for
    whom was told before, for a day before the matter came or still to come.
    """
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    check_may_tell(actor, matter)
    running = list(
        Consent.objects.filter(matter_id=matter.pk, mediation__ended_at__isnull=True)
        .select_related("told")
        .order_by("recorded_at", "id")
    )
    if not running:
        raise Refusal("no_mediation", _("没有正在进行的调解。"))
    told = [each for each in running if each.pk in set(consents)]
    if not told or len(told) != len(set(consents)):
        raise Invalid({"consents": _("请选择本次调解的当事人。")})
    if any(hasattr(each, "told") for each in told):
        raise Refusal("told_already", _("这位当事人的告知已经记录。"), field="consents")
    came = matter.registered_at.astimezone(clock.SHANGHAI).date()
    if not came <= told_on <= clock.today():
        raise Invalid({"told_on": _("告知日期应在登记之后、今天之前。")})
    rows = RightsTold.objects.bulk_create(
        [
            RightsTold(
                **of(matter),
                consent=each,
                method=method,
                told_on=told_on,
                recorded_by=actor.person_id,
                recorded_at=clock.now(),
            )
            for each in told
        ]
    )
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.TELL}",
        parameters={"parties": [str(each.party_id) for each in told], "method": method, "day": str(told_on)},
    )
    return rows
