"""What parties bring to a court from a matter, from any door."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.confirmation.domain import preparing, suing, tracking
from fengqiao.confirmation.enums import CourtAction
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.policies import check_may_write
from fengqiao.confirmation.queries.cases import case_by_id
from fengqiao.confirmation.queries.packet import packet_of
from fengqiao.dossier.pdf import pdf_of
from fengqiao.dossier.queries.papers import forms_of
from fengqiao.files.domain.storing import content_of
from fengqiao.flows.once import Once
from fengqiao.flows.reading import opened

# The application has two forms: one of them fits.
FORMS_OF = {"confirmation": ("confirmation", "confirmation_body")}

ON_A_CASE: dict[CourtAction, Callable[..., CourtCase]] = {
    CourtAction.AMEND: preparing.amend,
    CourtAction.FILE: preparing.file,
    CourtAction.DROP: preparing.drop,
    CourtAction.DOCKET: tracking.docket,
    CourtAction.ASK_MORE: tracking.ask_more,
    CourtAction.SUPPLY: tracking.supply,
    CourtAction.HEAR: tracking.hear,
    CourtAction.WITHDRAW: tracking.withdraw,
    CourtAction.CONFIRM: tracking.confirm,
    CourtAction.REFUSE: tracking.refuse,
    CourtAction.JUDGE: tracking.judge,
    CourtAction.SETTLE: tracking.settle,
    CourtAction.FULFIL: tracking.fulfil,
    CourtAction.END_ENFORCING: tracking.end_enforcing,
    # On the case in which the court confirmed: what comes of it is a case of its own.
    CourtAction.ENFORCE: suing.enforce,
}


def prepare(*, actor: Actor, agreement_id: UUID, once: Once | None = None, **values: Any) -> CourtCase:
    """An application for confirmation of an agreement; a refusal is rolled back and audited."""
    with attempt(actor, verb=f"court.{CourtAction.PREPARE}", subject=f"agreement:{agreement_id}"):
        return _once(
            once, CourtAction.PREPARE, preparing.prepare, actor=actor, agreement_id=agreement_id, **values
        )


def sue(*, actor: Actor, matter_id: UUID, once: Once | None = None, **values: Any) -> CourtCase:
    """A suit of the matter."""
    with attempt(actor, verb=f"court.{CourtAction.SUE}", subject=f"matter:{matter_id}"):
        return _once(once, CourtAction.SUE, suing.sue, actor=actor, matter_id=matter_id, **values)


def act(
    *, actor: Actor, case_id: UUID, action: CourtAction, once: Once | None = None, **values: Any
) -> CourtCase:
    """What happened in a case, or is done with it."""
    with attempt(actor, verb=f"court.{action}", subject=f"court:{case_id}"):
        return _once(once, action, ON_A_CASE[action], actor=actor, case_id=case_id, **values)


def packet(*, actor: Actor, case_id: UUID) -> tuple[str, bytes]:
    """The matter's code and a zip of what the court is given: forms as PDF, then the materials that are papers
    of it, in the order of the packet. Audited before it is given, since it holds addresses whole."""
    subject = f"court:{case_id}"
    with attempt(actor, verb="court.packet", subject=subject):
        case = case_by_id(actor, case_id).case
        matter = opened(actor, case.matter.code, door="court")
        check_may_write(actor, matter)
        printed = {paper.form: paper for paper in forms_of(matter)}
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
            for place, piece in enumerate(packet_of(case), 1):
                for form in FORMS_OF.get(piece.form, (piece.form,)):
                    if form in printed:
                        into.writestr(f"{place:02d}-{piece.said.name_zh}.pdf", pdf_of(printed[form]))
                for number, file in enumerate(piece.files, 1):
                    name = file.name.replace("/", "_")
                    into.writestr(f"{place:02d}-{number}-{name}", content_of(file.file))
        record(
            actor=actor,
            verb="court.packet",
            subject=subject,
            county=case.county,
            details={"code": matter.code},
        )
    return matter.code, made.getvalue()


def _once(once: Once | None, action: CourtAction, verb: Callable[..., CourtCase], **values: Any) -> CourtCase:
    if once:
        once.begin()
    case = verb(**values)
    if once:
        once.keep({"id": str(case.pk), "said": str(action), "version": case.matter.version})
    return case
