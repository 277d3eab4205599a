"""The same act on many matters: what would come of each, and then each by itself, once, with an answer of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.api.actions.doors import named
from fengqiao.api.actions.doors import operation_of as operation_on_one
from fengqiao.api.actions.shapes import ActionSent, DispatchSent, HandDownSent, HandOverSent
from fengqiao.api.domain.once import OnceByKey
from fengqiao.api.doors import READS, WRITES, actor_of
from fengqiao.api.problems import beneath, of_refusal
from fengqiao.api.shapes import Code, Flaw, Shape, Told
from fengqiao.api.writing import answered, once_of
from fengqiao.flows import bulk
from fengqiao.flows.bulk import Chosen, Outcome
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters import enums
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.matters import by_code

router = Router(tags=["bulk work"])
WHAT = "What the action asks for on a single matter; the same for all."


class ChosenSent(Shape):
    code: Code
    version: Annotated[int, Field(ge=1, le=999_999_999, description="As it was when this was decided.")]


def _each_once(chosen: list[ChosenSent]) -> list[ChosenSent]:
    if len({each.code for each in chosen}) < len(chosen):
        raise PydanticCustomError("repeated", "named twice")
    return chosen


Many = Annotated[list[ChosenSent], Field(min_length=1, max_length=bulk.MOST), AfterValidator(_each_once)]


class BulkSent(Shape):
    matters: Many
    what: ActionSent

    def chosen(self) -> list[Chosen]:
        """The matters as the flow takes them."""
        return [Chosen(each.code, each.version) for each in self.matters]


class BulkDispatchSent(BulkSent):
    what: Annotated[DispatchSent, Field(description=WHAT)]


class BulkHandOverSent(BulkSent):
    what: Annotated[HandOverSent, Field(description=WHAT)]


class BulkHandDownSent(BulkSent):
    what: Annotated[HandDownSent, Field(description=WHAT)]


SHAPES: dict[Action, type[BulkSent]] = {
    Action.DISPATCH: BulkDispatchSent,
    Action.HAND_OVER: BulkHandOverSent,
    Action.HAND_DOWN: BulkHandDownSent,
}


class KeptBack(Told):
    """Why a matter stays as it was: what the action on it alone would have been answered."""

    status: int
    rule: str
    detail: str
    errors: list[Flaw]


class BulkLine(Told):
    """One matter: where it stands (null where it is not seen), and what keeps it back, if anything does."""

    code: str
    version: int | None
    state: enums.State | None
    step: enums.Step | None
    problem: Annotated[KeptBack | None, Field(description="Null where it goes, or went, through.")]


class BulkTold(Told):
    """Every matter that was named, in the order in which it was."""

    through: int
    kept_back: int
    items: list[BulkLine]


def _told(lines: Sequence[BulkLine]) -> BulkTold:
    kept_back = sum(each.problem is not None for each in lines)
    return BulkTold(through=len(lines) - kept_back, kept_back=kept_back, items=list(lines))


def _line(outcome: Outcome) -> BulkLine:
    matter = outcome.matter
    return BulkLine(
        code=outcome.code,
        version=matter.version if matter else None,
        state=enums.State(matter.state) if matter else None,
        step=enums.Step(matter.step) if matter else None,
        problem=_problem(outcome.refusal) if outcome.refusal else None,
    )


def _problem(refusal: Refusal) -> KeptBack:
    problem = of_refusal(refusal)
    return KeptBack(
        status=problem.status,
        rule=refusal.code,
        detail=str(problem.detail),
        errors=[Flaw(**each) for each in problem.flaws],
    )


def _values(actor: Actor, sent: BulkSent) -> dict[str, Any]:
    """What the verb takes, for no matter in particular: one that the post's centre holds."""
    matter = Matter()
    if actor.centre_id is not None:
        matter.holder_id = actor.centre_id
    try:
        return sent.what.values(actor, matter)
    except Invalid as refusal:
        raise beneath("what", refusal) from refusal


def _preview(action: Action, shape: type[BulkSent]) -> Callable[..., BulkTold]:
    def preview(request: HttpRequest, sent: BulkSent) -> BulkTold:
        """What would come of each matter, by the same rules and guards. Nothing is written, nothing audited."""
        actor = actor_of(request)
        bulk.check_may(actor, action)
        with scope(actor):
            values = _values(actor, sent)
        outlook = bulk.preview(actor=actor, action=action, chosen=sent.chosen(), values=values)
        return _told([_line(each) for each in outlook])

    preview.__annotations__["sent"] = shape
    preview.__name__ = f"preview_{action}"
    return preview


def _carry_out(action: Action, shape: type[BulkSent]) -> Callable[..., BulkTold]:
    def carry_out(request: HttpRequest, response: HttpResponse, sent: BulkSent) -> BulkTold:
        """Each matter by itself: what is refused stops none of the rest. Sent again with the same key, what
        went through is answered as it was then, and what was kept back is tried again."""
        actor, once = actor_of(request), once_of(request, sent)
        bulk.check_may(actor, action)
        values = _begun(actor, once, sent, response)
        return _told([_once(actor, action, each, values, once.part(each.code)) for each in sent.chosen()])

    carry_out.__annotations__["sent"] = shape
    carry_out.__name__ = f"carry_out_{action}"
    return carry_out


def _begun(actor: Actor, once: OnceByKey, sent: BulkSent, response: HttpResponse) -> dict[str, Any] | Refusal:
    """The values; from here on the key stands for this request and no other.

    What was right when it was sent first may be right no more: then it is what keeps back the rest.
    """

    def begin() -> None:
        with scope(actor):
            once.begin()
            _values(actor, sent)
            once.keep({})

    answered(once, response, begin)
    with scope(actor):
        try:
            return _values(actor, sent)
        except Refusal as refusal:
            return refusal


def _once(
    actor: Actor, action: Action, chosen: Chosen, values: dict[str, Any] | Refusal, part: OnceByKey
) -> BulkLine:
    came: list[Outcome] = []

    def work() -> None:
        if isinstance(values, Refusal):
            with scope(actor):
                part.begin()
            raise values
        came.append(bulk.carry_out_one(actor=actor, action=action, chosen=chosen, values=values, once=part))

    try:
        before = answered(part, HttpResponse(), work)
    except Refusal as refusal:
        with scope(actor):
            return _line(Outcome(chosen.code, by_code(actor, chosen.code), refusal))
    return _line(came[0]) if came else BulkLine(**before, problem=None)


def operation_of(action: Action) -> str:
    """The name of a request: hand_over → handOverMany."""
    return operation_on_one(action).removesuffix("Matter") + "Many"


def _open() -> None:
    for action, shape in SHAPES.items():
        name = operation_of(action)
        router.post(
            f"/bulk/{action.value}/preview",
            response=BulkTold,
            auth=READS,
            operation_id=f"preview{name[0].upper()}{name[1:]}",
            url_name=f"api_preview_{action.value}",
            summary=f"Preview: {named(action)}（预演）",
        )(_preview(action, shape))
        router.post(
            f"/bulk/{action.value}",
            response=BulkTold,
            auth=WRITES,
            operation_id=name,
            url_name=f"api_bulk_{action.value}",
            summary=f"{named(action)}（批量）",
            openapi_extra={"x-writes": "once"},
        )(_carry_out(action, shape))


_open()
