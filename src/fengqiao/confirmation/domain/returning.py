"""A suit is a procedure of its matter: it runs while the court has it, and its end comes back into the matter."""

from __future__ import annotations

from fengqiao.confirmation.enums import RUNNING, CaseKind
from fengqiao.confirmation.models import CourtCase
from fengqiao.matters.enums import ProcedureKind, ProcedureStage
from fengqiao.matters.models import Matter, Procedure
from fengqiao.matters.models.base import of


def send_to_court(matter: Matter, case: CourtCase) -> None:
    """The matter has a running procedure from now on: tables and papers know of it."""
    Procedure.objects.create(
        **of(matter),
        kind=ProcedureKind.LITIGATION,
        stage=ProcedureStage.RUNNING,
        number=case.number,
        body=case.court,
    )


def return_from_court(matter: Matter, case: CourtCase) -> None:
    """The court's number goes to the procedure; when the case ends, nothing of the matter waits for it any more."""
    if case.kind != CaseKind.LAWSUIT:
        return
    running = Procedure.objects.filter(
        matter_id=matter.pk,
        kind=ProcedureKind.LITIGATION,
        stage=ProcedureStage.RUNNING,
        body=case.court,
    )
    stage = ProcedureStage.RUNNING if case.state in RUNNING else ProcedureStage.ENDED
    running.update(number=case.number, stage=stage)
