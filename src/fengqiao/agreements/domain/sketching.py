"""Keeping what is typed of an agreement, by one or by several, before it is written down as one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.domain import writing
from fengqiao.agreements.models import Sketch
from fengqiao.agreements.queries.sketches import Begun, begun_of
from fengqiao.agreements.sketches import Overlaid, Typed, as_marks, check_size, overlay
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal, Stale
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.mediation.models import Mediation


@dataclass(frozen=True)
class Kept:
    """``sketch``: as it is now, None where nothing was ever kept. ``theirs``: cells that others changed."""

    sketch: Sketch | None
    version: int
    theirs: frozenset[str]


class Conflict(Stale):
    """Somebody else changed the same cells meanwhile. ``overlaid`` says which, ``sketch`` is what is kept."""

    def __init__(self, sketch: Sketch, overlaid: Overlaid) -> None:
        super().__init__("sketch_changed", _("另一位调解员改了您正在改的地方。您写的没有覆盖它，也没有丢。"))
        self.sketch = sketch
        self.overlaid = overlaid


def keep_sketch(
    *,
    actor: Actor,
    matter_id: UUID,
    typed: Typed,
    known: int,
    base: str,
    touched: Collection[str] | None = None,
) -> Kept:
    """Keeps what was typed on version ``known`` of the draft, cell by cell.

    Saved every few seconds: it raises no version of the matter and writes no history. Cells in which only one person
    wrote go together; where two changed the same cell, the later one is told (``Conflict``) and nothing is written
    over. Refused: ``not_mediating``, ``signed_already``, and ``sketch_taken`` where the draft was written down as
    another one meanwhile. Raises ``Invalid`` for what no draft may hold.
    """
    matter = writing.opened(actor, matter_id, None)
    running = writing.running_mediation(matter)
    begun = begun_of(running)
    if begun.paper is not None and begun.paper.signatures.exists():
        raise Refusal("signed_already", _("已经有人签了，不能再改；要改请先记录没有签成，再重新拟写。"))
    if base != begun.base:
        raise Stale(
            "sketch_taken",
            _("草稿刚刚写成了协议。请重新打开本页：您还没有保存的改动会带过来。"),
        )
    check_size(typed)
    anew = not begun.typed.order and not begun.typed.cells
    laid = overlay(
        begun.typed,
        as_marks(begun.last.marks, but=actor.person_id) if begun.last else {},
        typed,
        None if anew else touched,
        known,
    )
    if laid.conflicts and begun.last is not None:
        raise Conflict(begun.last, laid)
    if not laid.mine:
        return Kept(begun.last, begun.version, laid.theirs)
    # What a fresh page offers is nobody's: only where somebody typed it is theirs.
    by_hand = laid.mine if not anew or touched is None else laid.mine & set(touched)
    sketch = _written(matter, actor, running, begun, laid, by_hand)
    return Kept(sketch, sketch.version, laid.theirs)


def _written(
    matter: Matter, actor: Actor, running: Mediation, begun: Begun, laid: Overlaid, by_hand: Collection[str]
) -> Sketch:
    now, version, me = clock.now(), begun.version + 1, str(actor.person_id)
    marks = dict(begun.last.marks) if begun.last else {}
    replaced: list[dict[str, Any]] = list(begun.open_sketch.replaced) if begun.open_sketch else []
    for name in sorted(by_hand):
        mark, value = marks.get(name), begun.typed.cells.get(name, "")
        if mark is not None and mark[1] != me and value:
            replaced.append({"cell": name, "value": value, "by": mark[1], "at": mark[2]})
        marks[name] = [version, me, now.isoformat()]
    values: dict[str, Any] = {
        "version": version,
        "cells": dict(laid.kept.cells),
        "order": list(laid.kept.order),
        "marks": marks,
        "replaced": replaced,
        "by_id": actor.person_id,
        "at": now,
    }
    sketch = begun.open_sketch
    if sketch is None:
        return Sketch.objects.create(
            **of(matter),
            mediation=running,
            agreement=begun.paper,
            draft=begun.paper.draft if begun.paper else 0,
            **values,
        )
    for name, value in values.items():
        setattr(sketch, name, value)
    sketch.save(update_fields=[name.removesuffix("_id") for name in values])
    return sketch
