"""Pages of lists beside the ledger: by place or by key, with a signed cursor that fits one list alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, TypeVar

from django.core import signing
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from fengqiao.api.shapes import Cursor, Shape
from fengqiao.kernel.errors import Invalid

Row = TypeVar("Row")
Kept = TypeVar("Kept", bound=Model)
MOST = 100
USUAL = 50


class Listed(Shape):
    """Which page of a list."""

    cursor: Cursor | None = None
    size: Annotated[int, Field(ge=1, le=MOST, description="Rows a page.")] = USUAL


def sliced(
    read: Callable[[slice], Iterable[Row]], *, of: Sequence[Any], cursor: str | None, size: int
) -> tuple[list[Row], str | None]:
    """One page of what ``read`` gives for a slice, and the cursor of the next; ``of`` names the list.

    By place: these lists are only added to, at their end. Raises ``Invalid`` for a cursor of another list.
    """
    name = [str(each) for each in of]
    start = int(_read(cursor, name) or 0)
    rows = list(read(slice(start, start + size + 1)))
    more = len(rows) > size
    return rows[:size], signing.dumps([start + size, name], salt="api-part") if more else None


def newest_first(
    found: QuerySet[Kept], *, of: Sequence[Any], cursor: str | None, size: int
) -> tuple[list[Kept], str | None]:
    """The same for rows that come about while the list is read: by their keys, which are in order of time."""
    name = [str(each) for each in of]
    last = _read(cursor, name)
    found = found.order_by("-pk")
    rows = list((found if last is None else found.filter(pk__lt=last))[: size + 1])
    more = len(rows) > size
    return rows[:size], signing.dumps([str(rows[size - 1].pk), name], salt="api-part") if more else None


def _read(cursor: str | None, name: list[str]) -> Any:
    """Where the page before ended; None at the beginning."""
    if cursor is None:
        return None
    try:
        last, whose = signing.loads(cursor, salt="api-part")
    except (signing.BadSignature, ValueError):
        last, whose = None, None
    if whose != name:
        refusal = _("这个游标不属于这次查询，请从第一页重新开始。")
        raise Invalid({"cursor": refusal}, code="foreign_cursor")
    return last
