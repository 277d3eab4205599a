"""The draft of an agreement as it is typed (拟稿): read, and kept cell by cell."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain.sketching import Conflict
from fengqiao.agreements.domain.writing import running_mediation
from fengqiao.agreements.policies import check_may_read, check_may_write
from fengqiao.agreements.queries.sketches import Begun, begun_of, changes_of
from fengqiao.agreements.sketches import IN_A_TERM, KEY, MOST_IN, SHORT, WORDS, Typed
from fengqiao.agreements.terms import MOST
from fengqiao.api.doors import READS, WRITES, reader_of, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.problems import Problem, audit
from fengqiao.api.shapes import KEPT, Code, Shape, Told
from fengqiao.api.writing import answered, etag, once_of, version_of
from fengqiao.flows import agreements as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import Matter

router = Router(tags=["agreements"])
ADDRESS = "/matters/{code}/agreements/sketch"
Long = Annotated[str | None, Field(max_length=MOST_IN["facts"], pattern=KEPT)]
What = Annotated[str | None, Field(max_length=MOST_IN["what"], pattern=KEPT)]
How = Annotated[str | None, Field(max_length=MOST_IN["how"], pattern=KEPT)]
Cell = Annotated[str | None, Field(max_length=SHORT, pattern=KEPT)]


class SketchTermTold(Told):
    """A term as far as it was typed. ``gone``: it was taken out."""

    key: str
    kind: str
    debtor: str
    creditor: str
    amount: str
    due: str
    what: str
    how: str
    gone: bool


class ChangedTold(Told):
    """What one person changed last, by the names of the cells: `facts`, `k3.amount`."""

    person: str
    at: datetime
    cells: list[str]


class SketchTold(Told):
    """What is typed of an agreement that nobody has signed; nothing in it is checked yet."""

    version: Annotated[int, Field(description="What `If-Match` names; 0 before the first.")]
    base: Annotated[str, Field(description="On which draft it stands: it is sent back as it is.")]
    facts: str
    issues: str
    responsibility: str
    on: str
    terms: list[SketchTermTold]
    changed: list[ChangedTold]


class SketchTermSent(Shape):
    """The cells of one term that were typed in; a key that is not known begins a new one."""

    key: Annotated[str, Field(min_length=1, max_length=KEY, pattern=r"^[0-9A-Za-z]+$")]
    kind: Cell = None
    debtor: Cell = None
    creditor: Cell = None
    amount: Cell = None
    due: Cell = None
    what: What = None
    how: How = None
    gone: bool | None = None


class SketchSent(Shape):
    """Only what was typed: cells that are not sent stay as others left them."""

    base: Annotated[str, Field(max_length=60, pattern=KEPT)] = ""
    facts: Long = None
    issues: Long = None
    responsibility: Long = None
    on: Cell = None
    terms: Annotated[list[SketchTermSent], Field(max_length=MOST)] = []

    def typed(self) -> Typed:
        """As cells, the terms in their order."""
        cells = {name: getattr(self, name) for name in WORDS if getattr(self, name) is not None}
        for term in self.terms:
            for name in IN_A_TERM:
                value = getattr(term, name)
                if value is not None:
                    said = ("on" if value else "") if name == "gone" else value
                    cells[f"{term.key}.{name}"] = said
        return Typed(cells, list(dict.fromkeys(term.key for term in self.terms)))


class SketchReceipt(Told):
    """The version that was kept."""

    version: int


@router.get(
    ADDRESS,
    response=SketchTold,
    auth=READS,
    operation_id="getSketch",
    summary="The draft as it is typed · 正在写的协议草稿",
    url_name="api_sketch",
    openapi_extra={"x-also": ["409"]},
)
def get_sketch(request: HttpRequest, code: Path[Code]) -> SketchTold:
    """Of the mediation that is running, for who writes its agreement."""
    with reading(request) as actor:
        check_may_read(actor)
        matter = opened(actor, code, door=DOOR)
        mediation = running_mediation(matter)
        check_may_write(actor, matter)
        return _told(begun_of(mediation))


@router.post(
    ADDRESS,
    response=SketchReceipt,
    auth=WRITES,
    operation_id="saveSketch",
    summary="Keep what is typed of an agreement · 保存协议草稿",
    url_name="api_sketch_save",
    openapi_extra={
        "x-writes": "version",
        "x-version": "The version of the draft that this was typed on, or 0.",
    },
)
def save_sketch(
    request: HttpRequest, response: HttpResponse, code: Path[Code], sent: SketchSent
) -> SketchReceipt:
    """What others changed elsewhere stays. Where both changed the same cell: 412, with what stands there: `current`."""
    actor = reader_of(request)
    once, known = once_of(request, sent), version_of(request)
    typed = sent.typed()

    def work() -> None:
        with scope(actor):
            check_may_read(actor)
            matter = opened(actor, code, door="action")
            running_mediation(matter)
        try:
            flow.keep_sketch(
                actor=actor,
                matter_id=matter.pk,
                once=once,
                typed=typed,
                known=known,
                base=sent.base,
                touched=set(typed.cells),
            )
        except Conflict as conflict:
            audit(request, conflict)
            raise _changed(actor, matter, conflict) from conflict

    answer: dict[str, Any] = answered(once, response, work)
    response.headers["ETag"] = etag(answer["version"])
    return SketchReceipt(**answer)


def _changed(actor: Actor, matter: Matter, conflict: Refusal) -> Problem:
    with scope(actor):
        theirs = _told(begun_of(running_mediation(matter)))
    return Problem(
        412,
        conflict.code,
        conflict.message,
        headers={"ETag": etag(theirs.version)},
        current=theirs.model_dump(mode="json"),
    )


def _told(begun: Begun) -> SketchTold:
    typed = begun.typed
    changed = changes_of(begun.open_sketch) if begun.open_sketch else []
    return SketchTold(
        version=begun.version,
        base=begun.base,
        terms=[_term(typed, key) for key in typed.order],
        changed=[ChangedTold(person=each.person, at=each.at, cells=each.cells) for each in changed],
        **{name: typed.cells.get(name, "") for name in WORDS},
    )


def _term(typed: Typed, key: str) -> SketchTermTold:
    row: dict[str, Any] = dict(typed.row(key))
    return SketchTermTold(**row | {"key": key, "gone": typed.is_gone(key)})
