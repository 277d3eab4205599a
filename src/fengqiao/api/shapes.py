"""The values that requests and answers are made of. Codes and names are those of the glossary."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

# The database keeps no NUL.
KEPT = r"^[^\u0000]*$"
FIRST_YEAR, LAST_YEAR = 1900, 2200


def _in_our_time(value: Any) -> Any:
    """A year far off is a slip, and would leave the range of what can be computed with."""
    if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise PydanticCustomError("date_out_of_range", "out of range")
    return value


def _of_a_clock_on_the_wall(value: Any) -> Any:
    """Hours are those of the county's own clocks; with another zone they could not be compared."""
    if value is not None and value.tzinfo is not None:
        raise PydanticCustomError("hour_with_zone", "no zone")
    return value


Line = Annotated[str, Field(max_length=200, pattern=KEPT)]
Text = Annotated[str, Field(max_length=20_000, pattern=KEPT)]
Day = Annotated[date, AfterValidator(_in_our_time)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Hour = Annotated[
    time,
    AfterValidator(_of_a_clock_on_the_wall),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
            "description": "In Asia/Shanghai, without a zone.",
        }
    ),
]
Code = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{6}-[0-9]{8}-[0-9]{6,12}$",
        description="The matter's code: county, day of registration, number.",
        examples=["440785-20261120-000001"],
    ),
]
DivisionCode = Annotated[str, Field(pattern=r"^[0-9]{12}$", description="The 12 digits of a division.")]
CategoryCode = Annotated[
    str,
    Field(pattern=r"^[0-9]{2}([0-9]{2})?$", description="A category of disputes, or a whole first level."),
]
Cursor = Annotated[
    str,
    Field(
        max_length=500, pattern=KEPT, description="`next` of the page before, for the same question and post."
    ),
]


class Shape(BaseModel):
    """What is sent: a field that is not known is refused, so that no slip of the pen is lost in silence."""

    model_config = ConfigDict(extra="forbid")


class LastDay(Shape):
    last: Annotated[Day, Field(description="The last day; included.")]


class Told(BaseModel):
    """What is answered."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Flaw(Told):
    """One thing that is wrong."""

    field: str
    rule: str
    message: str


class Made(Told):
    """What was made; its address tells the rest."""

    id: UUID


class Named(Told):
    """Something that has a name: a centre, a department, a person."""

    id: Annotated[str, Field(description="Its identifier (UUID).")]
    name: str


def named(what: Any) -> Named | None:
    """The reference of a centre, department or person, where there is one."""
    return None if what is None else Named(id=str(what.pk), name=what.name)


class PageOf(Told):
    """One page of a list."""

    next: Annotated[str | None, Field(description="The cursor of the next page; null on the last one.")] = (
        None
    )
