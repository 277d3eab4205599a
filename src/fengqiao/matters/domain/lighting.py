"""When a matter turns yellow and when it is due, as its clocks say: the one place that writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from fengqiao.accounts.writing_many import update_many
from fengqiao.matters.models import Matter

# When it turns yellow, and when it is due.
Lights = tuple[datetime | None, datetime | None]
NONE: Lights = (None, None)


def light(matters: Sequence[Matter], lights: Mapping[object, Lights]) -> None:
    """Sets both on matters whose rows are locked or new, by the matter's id; one statement, and only for changes.

    No version and no history: nothing was done to the matter, and both follow from facts that stand elsewhere.
    """
    changed = []
    for matter in matters:
        wanted = lights.get(matter.id, NONE)
        if (matter.yellow_at, matter.due_at) != wanted:
            matter.yellow_at, matter.due_at = wanted
            changed.append(matter)
    update_many(changed, ["yellow_at", "due_at"])
