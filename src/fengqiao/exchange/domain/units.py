"""A person says which department a ledger means."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.exchange.models import WrittenUnit
from fengqiao.exchange.policies import check_may_import
from fengqiao.exchange.values import clean, one_line
from fengqiao.flows.once import Once
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.places.models import Department

LONGEST = 100


def map_unit(
    *, actor: Actor, written: str, department_id: UUID | None, once: Once | None = None
) -> WrittenUnit:
    """Keeps what a written name means from now on; rows that are here already are not touched.

    ``department_id`` is ``None`` for a body that has no department here. Raises ``Invalid`` and ``NotAllowed``.
    """
    with attempt(actor, verb="import.map_unit"):
        if once:
            once.begin()
        check_may_import(actor)
        # As a row of a ledger is read, so that the two are the same text.
        written = one_line(clean(written))
        if not written or len(written) > LONGEST:
            raise Invalid({"written": _("请填写台账里的单位名称，最多 100 字。")})
        if department_id is not None and not _in_reach(actor, department_id):
            raise Invalid({"department": _("请从列表中选择本县的部门。")})
        unit, _new = WrittenUnit.objects.update_or_create(
            county=actor.county,
            written=written,
            defaults={
                "department_id": department_id,
                "decided_by_id": actor.person_id,
                "decided_at": clock.now(),
            },
        )
        if once:
            once.keep({"id": str(unit.pk)})
        record(
            actor=actor,
            verb="import.map_unit",
            subject=f"unit:{unit.id}",
            details={"department": department_id},
        )
    return unit


def _in_reach(actor: Actor, department_id: UUID) -> bool:
    return Department.objects.filter(pk=department_id, division__code__startswith=actor.county).exists()
