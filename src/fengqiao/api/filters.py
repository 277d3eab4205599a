"""The filters of the ledger as a shape: in an address, and in the body of what keeps them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from fengqiao.api.problems import beneath
from fengqiao.api.shapes import KEPT, CategoryCode, Day, DivisionCode, Shape
from fengqiao.api.words import SHAPE_WORDS
from fengqiao.kernel.errors import Invalid
from fengqiao.matters import enums
from fengqiao.matters.queries.ledger import FLAGS, LedgerFilter
from fengqiao.matters.queries.lights import Colour
from fengqiao.matters.queries.saved_views import no_longer_there

# The ledger's own list, so that none is missing here; mypy cannot follow an enumeration made from a value.
Flag = StrEnum("Flag", {name: name for name in FLAGS})  # type: ignore[misc]


class Filter(Shape):
    """The filters of the ledger; all that are given must hold."""

    q: Annotated[
        str | None,
        Field(max_length=200, pattern=KEPT, description="Words, a code, or the last digits of one."),
    ] = None
    step: enums.Step | None = None
    state: enums.State | None = None
    track: enums.Track | None = None
    category: CategoryCode | None = None
    channel: enums.Channel | None = None
    division: DivisionCode | None = None
    centre: UUID | None = None
    department: Annotated[UUID | None, Field(description="A department that has the matter now.")] = None
    risk: enums.Risk | None = None
    danger: enums.Danger | None = None
    outcome: enums.Outcome | None = None
    flag: Annotated[Flag | None, Field(description="A set that a number at the desk counts.")] = None
    light: Annotated[
        Colour | None, Field(description="Of the limits of bodies that run on the matter, now.")
    ] = None
    registered_from: Annotated[Day | None, Field(description="Day in Asia/Shanghai, inclusive.")] = None
    registered_until: Annotated[Day | None, Field(description="Day in Asia/Shanghai, inclusive.")] = None
    order: Annotated[
        Literal["oldest", "due"] | None,
        Field(description="Newest first where it is left out; `due`: only matters with a running limit."),
    ] = None

    def wanted(self) -> LedgerFilter:
        """What is asked for, as the ledger takes it; raises ``Invalid`` where it contradicts itself."""
        given = self.model_dump(exclude_none=True, include=set(Filter.model_fields))
        first, last = given.get("registered_from"), given.get("registered_until")
        if first and last and last < first:
            raise Invalid({"registered_until": _("结束日期早于开始日期。")}, code="before_its_beginning")
        dates = ("registered_from", "registered_until")
        values: dict[str, Any] = {n: each if n in dates else str(each) for n, each in given.items()}
        return LedgerFilter(**values)

    def kept(self) -> LedgerFilter:
        """The same for what keeps it, where it stands under ``filter`` and may name only what there is."""
        try:
            wanted = self.wanted()
        except Invalid as refusal:
            raise beneath("filter", refusal) from refusal
        if gone := no_longer_there(wanted.as_query()):
            raise Invalid({f"filter.{name}": SHAPE_WORDS["enum"] for name in gone}, code="not_offered")
        return wanted
