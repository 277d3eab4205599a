"""Views of the ledger saved, changed and removed, from any door: refusals rolled back and audited."""

from __future__ import annotations

from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt, record
from fengqiao.flows.once import Once
from fengqiao.matters.domain import saving_views
from fengqiao.matters.models import SavedView
from fengqiao.matters.queries.ledger import LedgerFilter


def save(
    *,
    actor: Actor,
    wanted: LedgerFilter,
    said: str,
    name: str,
    shared: bool,
    once: Once | None = None,
) -> SavedView:
    """Saves the filter under a name; see ``matters.domain.saving_views``."""
    with attempt(actor, verb="view.save"):
        if once:
            once.begin()
        view = saving_views.save_view(actor=actor, wanted=wanted, said=said, name=name, shared=shared)
        if once:
            once.keep({"id": str(view.pk)})
        _audit(actor, "view.save", view)
    return view


def change(*, actor: Actor, view_id: UUID, name: str, shared: bool) -> SavedView:
    """Renames it, shares it, takes it back."""
    with attempt(actor, verb="view.change", subject=f"view:{view_id}"):
        view = saving_views.change_view(actor=actor, view_id=view_id, name=name, shared=shared)
        _audit(actor, "view.change", view)
    return view


def remove(*, actor: Actor, view_id: UUID) -> SavedView:
    """Takes it out of the menus."""
    with attempt(actor, verb="view.remove", subject=f"view:{view_id}"):
        view = saving_views.remove_view(actor=actor, view_id=view_id)
        _audit(actor, "view.remove", view)
    return view


def _audit(actor: Actor, verb: str, view: SavedView) -> None:
    # Which filters, not what they ask for: a keyword may name somebody.
    details = {"shared": view.is_shared, "filters": sorted(view.asked)}
    record(actor=actor, verb=verb, subject=f"view:{view.id}", details=details)
