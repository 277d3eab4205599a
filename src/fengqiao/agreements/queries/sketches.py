"""What is being typed of an agreement: what the form begins with, and who changed what in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fengqiao.accounts.models import Person
from fengqiao.agreements.enums import AgreementState
from fengqiao.agreements.models import Agreement, Sketch, Term
from fengqiao.agreements.queries.agreements import current_terms
from fengqiao.agreements.sketches import Typed
from fengqiao.mediation.models import Mediation


@dataclass(frozen=True)
class Begun:
    """Where writing stands: ``typed`` is what the form shows (empty: nothing was written yet), ``version`` the one to
    type on. ``base`` says on which draft it stands; ``last`` is the newest sketch, whether it is open or was taken."""

    typed: Typed
    version: int
    base: str
    paper: Agreement | None
    last: Sketch | None

    @property
    def open_sketch(self) -> Sketch | None:
        return self.last if self.last is not None and self.last.taken_at is None else None


@dataclass(frozen=True)
class Changed:
    """What one person changed in a draft, and when last. ``cells`` are the names of the cells."""

    person: str
    at: datetime
    cells: list[str]


def begun_of(mediation: Mediation) -> Begun:
    """What is typed of the agreement of a mediation: the open sketch, else the draft that nobody has signed, else
    nothing."""
    last = Sketch.objects.filter(mediation=mediation).order_by("version").last()
    paper = Agreement.objects.filter(mediation=mediation, state=AgreementState.DRAFT).first()
    version = last.version if last else 0
    if last is not None and last.taken_at is None:
        return Begun(
            Typed(last.cells, last.order), version, base_of(last.agreement_id, last.draft), paper, last
        )
    if paper is None:
        return Begun(Typed(), version, base_of(None, 0), None, last)
    return Begun(typed_in(paper, _keys(paper, last)), version, base_of(paper.pk, paper.draft), paper, last)


def base_of(agreement: UUID | None, draft: int) -> str:
    """How a page names the draft that it stands on."""
    return f"{agreement}:{draft}" if agreement else ""


def typed_in(paper: Agreement, keys: Sequence[str] = ()) -> Typed:
    """An agreement as its form shows it. ``keys`` of its terms; by their place where they have none."""
    cells = {"facts": paper.facts, "issues": paper.issues, "responsibility": paper.responsibility}
    order = []
    for place, term in enumerate(current_terms(paper)):
        key = keys[place] if place < len(keys) else str(place + 1)
        order.append(key)
        cells |= {f"{key}.{name}": value for name, value in _row(term).items()}
    return Typed(cells, order)


def given_up_before(mediation: Mediation) -> Agreement | None:
    """The last paper of a mediation that was not signed: who writes it anew begins with its words."""
    found = Agreement.objects.filter(mediation=mediation, state=AgreementState.DROPPED)
    return found.order_by("drafted_at", "id").last()


def changes_of(
    sketch: Sketch, cells: Collection[str] | None = None, *, but: UUID | None = None
) -> list[Changed]:
    """Who changed which cells (of these) last, by person, the newest first."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    for name, mark in sketch.marks.items():
        if cells is None or name in cells:
            found.setdefault(mark[1], []).append((datetime.fromisoformat(mark[2]), name))
    found.pop(str(but), None)
    names = _names(found)
    told = [
        Changed(names.get(person, ""), max(these)[0], [name for _at, name in sorted(these)])
        for person, these in found.items()
    ]
    return sorted(told, key=lambda each: each.at, reverse=True)


def _names(people: Iterable[str]) -> dict[str, str]:
    wanted = [UUID(each) for each in people]
    found = Person.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else ()
    return {str(pk): name for pk, name in found}


def _keys(paper: Agreement, last: Sketch | None) -> list[str]:
    """The keys of its terms, where it was written from this sketch: who still has the page open goes on in them."""
    if last is None or last.agreement_id != paper.pk or last.draft != paper.draft:
        return []
    typed = Typed(last.cells, last.order)
    return [key for key in typed.order if not typed.is_gone(key)]


def _row(term: Term) -> dict[str, Any]:
    return {
        "kind": term.kind,
        "debtor": str(term.debtor_id),
        "creditor": str(term.creditor_id or ""),
        "amount": "" if term.amount is None else str(term.amount),
        "due": term.due.isoformat() if term.due else "",
        "what": term.what,
        "how": term.how,
        "gone": "",
    }
