"""Talks of a mediation, and the notes of them that one may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.enums import SittingKind, SittingState
from fengqiao.mediation.models import Mediation, Sitting, SittingNote

# Whose notes go into the papers of the dossier; a separate talk never does.
ON_PAPER = (SittingKind.JOINT, SittingKind.INVESTIGATION)


@dataclass(frozen=True)
class Talk:
    """A sitting with the names of who took part. ``note`` is the last version, None where none may be read."""

    sitting: Sitting
    names: list[str]
    note: SittingNote | None


def talks_of(mediation: Mediation) -> list[Talk]:
    """The talks of a mediation in their order, with the last note of each that the walls show."""
    sittings = list(Sitting.objects.filter(mediation=mediation))
    if not sittings:
        return []
    names = dict(Party.objects.filter(matter_id=mediation.matter_id).values_list("pk", "name"))
    notes = last_notes(sittings)
    return [Talk(each, named(each, names), notes.get(each.pk)) for each in sittings]


def talk_of(matter: Matter, sitting_id: UUID) -> Talk:
    """One talk; raises ``Refusal`` where the matter has none with this identity."""
    sitting = (
        Sitting.objects.filter(matter_id=matter.pk, pk=sitting_id)
        .select_related("mediation__mediator", "matter")
        .first()
    )
    if sitting is None:
        raise Refusal("no_such_sitting", _("没有这次会谈。"))
    names = dict(Party.objects.filter(matter_id=matter.pk).values_list("pk", "name"))
    return Talk(sitting, named(sitting, names), last_notes([sitting]).get(sitting.pk))


def last_notes(sittings: Sequence[Sitting]) -> dict[UUID, SittingNote]:
    """The last version of each, as far as the walls show it."""
    found = SittingNote.objects.filter(sitting__in=sittings).order_by("version") if sittings else ()
    return {each.sitting_id: each for each in found}


def earlier_notes(sitting: Sitting) -> list[SittingNote]:
    """What others had written before the last version, newest first."""
    return list(SittingNote.objects.filter(sitting=sitting).order_by("-version")[1:])


def on_paper(mediation: Mediation) -> list[Talk]:
    """What the papers tell of: joint talks and investigations that were held."""
    return [
        each
        for each in talks_of(mediation)
        if each.sitting.kind in ON_PAPER and each.sitting.state == SittingState.HELD
    ]


def named(sitting: Sitting, names: dict[UUID, str]) -> list[str]:
    """Who took part: the parties by name, then others."""
    parties = [names.get(UUID(each), "") for each in sitting.parties]
    return [each for each in [*parties, sitting.present] if each]


def issues_of(matter: Matter, sitting_id: UUID) -> str:
    """The issues noted in a talk, one a line, to be taken over into a paper; none of a separate talk."""
    note = (
        SittingNote.objects.filter(matter_id=matter.pk, sitting_id=sitting_id, sealed=False)
        .order_by("version")
        .last()
    )
    return note.issues.strip() if note else ""
