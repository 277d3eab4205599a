"""Reading the inbox of a post in tests."""

from __future__ import annotations

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.notices.models import Notice
from fengqiao.notices.queries.inbox import notices_of
from tests.small_county import SmallCounty


def inbox(county: SmallCounty, role: Role | str, place: str = "county") -> list[Notice]:
    """What the person of this post was told, newest first."""
    actor = county.actor(role, place)
    with scope(actor):
        return list(notices_of(actor))


def kinds(county: SmallCounty, role: Role | str, place: str = "county") -> list[str]:
    return [each.kind for each in inbox(county, role, place)]
