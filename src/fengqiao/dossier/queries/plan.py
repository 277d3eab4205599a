"""What a matter's dossier holds now, in the order of the statute, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import override

from fengqiao.dossier.paper import Paper
from fengqiao.dossier.queries.facts import Facts, facts_of
from fengqiao.dossier.queries.papers import forms_of
from fengqiao.dossier.queries.signed import is_drawn_by_all
from fengqiao.dossier.queries.signed_copies import SignedCopy, asks_for_signature, copies_of, key_of
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.rules.queries.dossier import Place, dossier_order


@dataclass(frozen=True)
class Entry:
    """One place of the order with what lies there; ``gap``: it must hold something and does not.

    ``signed`` has the signed copies by the form of the paper, ``unsigned`` the forms that still wait for one.
    """

    place: Place
    papers: tuple[Paper, ...]
    files: tuple[MatterFile, ...]
    gap: bool
    signed: dict[str, SignedCopy]
    unsigned: frozenset[str]


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
    def unsigned(self) -> list[str]:
        """The titles of the papers that somebody is to sign and of which no whole signed copy came back."""
        return [
            paper.title for entry in self.entries for paper in entry.papers if paper.form in entry.unsigned
        ]

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
    copies, entries = copies_of(matter), []
    for place in order:
        needed = outcome in place.needed
        empty = not needed and place.asks and not facts.values.get(place.asks)
        held = () if empty else tuple(papers[form] for form in place.forms if form in papers)
        there = tuple(files.get(place.id, ()))
        if held or there or needed:
            signed = {paper.form: copies[key_of(paper)] for paper in held if key_of(paper) in copies}
            waits = frozenset(paper.form for paper in held if _waits(matter, paper, signed.get(paper.form)))
            gap = needed and not held and not there
            entries.append(Entry(place, held, there, gap, signed, waits))
    return Plan(outcome, facts, tuple(entries))


def _waits(matter: Matter, paper: Paper, copy: SignedCopy | None) -> bool:
    """Whether a paper is to be signed and was not: on a tablet by all, or on a sheet that came back whole."""
    if not asks_for_signature(paper) or (copy is not None and copy.is_complete and copy.is_of(paper)):
        return False
    return not (paper.drawn and is_drawn_by_all(matter))


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
