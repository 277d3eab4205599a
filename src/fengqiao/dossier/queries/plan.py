"""What a matter's dossier holds now, in the order of the statute, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import override

from fengqiao.dossier.paper import Paper
from fengqiao.dossier.queries.facts import Facts, facts_of
from fengqiao.dossier.queries.papers import forms_of
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.rules.queries.dossier import Place, dossier_order


@dataclass(frozen=True)
class Entry:
    """One place of the order with what lies there; ``gap``: it must hold something and does not."""

    place: Place
    papers: tuple[Paper, ...]
    files: tuple[MatterFile, ...]
    gap: bool


@dataclass(frozen=True)
class Plan:
    """The dossier before it is bound. ``outcome`` is one of ``rules.queries.dossier.OUTCOMES``."""

    outcome: str
    facts: Facts
    entries: tuple[Entry, ...]

    @property
    def gaps(self) -> list[str]:
        return [entry.place.title for entry in self.entries if entry.gap]

    @property
    def is_mediation(self) -> bool:
        return "mediation" in self.facts.holds


@override("zh-hans")
def plan_of(matter: Matter) -> Plan:
    """Reads the matter in the running scope. A matter without a mediation has no such dossier: ``is_mediation``."""
    facts = facts_of(matter)
    outcome = next((o for o in ("written", "oral", "failed") if o in facts.holds), "running")
    papers = {paper.form: paper for paper in forms_of(matter)}
    order = [place for place in dossier_order() if outcome in place.belongs]
    files = _laid(order, list(MatterFile.objects.filter(matter_id=matter.id).select_related("file")))
    entries = []
    for place in order:
        needed = outcome in place.needed
        empty = not needed and place.asks and not facts.values.get(place.asks)
        held = () if empty else tuple(papers[form] for form in place.forms if form in papers)
        there = tuple(files.get(place.id, ()))
        if held or there or needed:
            entries.append(Entry(place, held, there, gap=needed and not held and not there))
    return Plan(outcome, facts, tuple(entries))


def _laid(order: list[Place], files: list[MatterFile]) -> dict[str, list[MatterFile]]:
    """Each material at the first place whose words its purpose has, else its name; the others are evidence."""
    laid: dict[str, list[MatterFile]] = {}
    for file in files:
        where = next(
            (
                place.id
                for text in (file.purpose, file.name)
                for place in order
                if any(word in text for word in place.words)
            ),
            "evidence",
        )
        laid.setdefault(where, []).append(file)
    return laid
