"""People read what they were told: when a play ends, what is older than a day is read."""

from __future__ import annotations

from datetime import datetime

from fengqiao.accounts.scope import scope
from fengqiao.notices.domain.reading import read_all
from fengqiao.notices.queries.inbox import notices_of
from fengqiao.simulate.cast import Cast


def read_notices(cast: Cast, *, before: datetime) -> None:
    """Everybody has read their notices from before a moment."""
    everybody = [*(each for here in cast.at_centre.values() for each in here), *cast.at_department.values()]
    for actor in everybody:
        with scope(actor):
            old = notices_of(actor).filter(read_at=None, created_at__lt=before).first()
            if old is not None:
                read_all(actor=actor, newest=old.pk)
