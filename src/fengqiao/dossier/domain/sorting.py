"""Where a scanned page belongs by its mark: to which paper of which matter, as the post sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.dossier.enums import PageState
from fengqiao.dossier.marks import Mark, number_of, read_mark, version_of
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.queries.papers import papers_of
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter

# What the number of a paper of a matter begins with.
CODE = re.compile(r"(\d{6}-\d{8}-\d{6,})(?:-|$)")


@dataclass(frozen=True)
class Found:
    """What a page is of. ``FILED`` says where it goes, not yet that it is there."""

    state: PageState
    mark: Mark | None = None
    matter: Matter | None = None
    paper: Paper | None = None


class Sorter:
    """Looks each matter and its papers up once. ``door`` is the matter in which the stack was handed in."""

    def __init__(self, actor: Actor, door: UUID | None = None) -> None:
        self.actor = actor
        self.door = Matter.objects.visible_to(actor).filter(pk=door).first() if door else None
        self._matters: dict[str, Matter | None] = {}
        self._papers: dict[UUID, list[Paper]] = {}

    def found(self, texts: Sequence[str]) -> Found:
        """Where a page with these codes belongs."""
        marks = {mark for mark in map(read_mark, texts) if mark}
        if len(marks) != 1:
            return Found(PageState.SEVERAL if marks else PageState.FOREIGN if texts else PageState.UNREAD)
        (mark,) = marks
        code = CODE.match(mark.number)
        if code is None:
            return self._by_number(mark)
        matter = self.matter(code[1])
        if matter is None:
            # Of one that is not there and one not seen alike: neither its code nor its number is kept.
            return Found(PageState.HIDDEN)
        if self.door is not None and matter.pk != self.door.pk:
            return Found(PageState.OTHER, mark, matter, self._paper(matter, mark)[1])
        if matter.state == State.ARCHIVED:
            return Found(PageState.ARCHIVED, mark, matter)
        state, paper = self._paper(matter, mark)
        return Found(state, mark, matter, paper)

    def matter(self, code: str) -> Matter | None:
        """The matter with this code, if the post sees it."""
        if code not in self._matters:
            seen = Matter.objects.visible_to(self.actor).select_related("centre", "holder")
            self._matters[code] = seen.filter(code=code).first()
        return self._matters[code]

    def papers(self, matter: Matter) -> list[Paper]:
        """All that the post may print of it."""
        if matter.pk not in self._papers:
            self._papers[matter.pk] = papers_of(self.actor, matter)
        return self._papers[matter.pk]

    def _by_number(self, mark: Mark) -> Found:
        """Letters with a number of their own name no matter: they are looked for where the stack was handed in."""
        if self.door is not None and self.door.state != State.ARCHIVED:
            state, paper = self._paper(self.door, mark)
            if paper is not None:
                return Found(state, mark, self.door, paper)
        return Found(PageState.FOREIGN)

    def _paper(self, matter: Matter, mark: Mark) -> tuple[PageState, Paper | None]:
        """The paper with these words, else what is known of one with this number."""
        numbered = [paper for paper in self.papers(matter) if number_of(paper) == mark.number]
        same = [paper for paper in numbered if version_of(paper) == mark.version]
        if same:
            return PageState.FILED, same[0]
        only = numbered[0] if len(numbered) == 1 else None
        if only is not None and not mark.version:
            return PageState.FILED, only
        return (PageState.OLDER if numbered else PageState.GONE), only
