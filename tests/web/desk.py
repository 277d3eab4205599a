"""Signing in at the desk as a post of the small county."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from fengqiao.accounts.enums import Role
from tests.small_county import SmallCounty


def at_the_desk(county: SmallCounty, role: Role | str, place: str = "county") -> Client:
    """A browser in which the person of this post has signed in and acts as it."""
    stationing = county.stationings[(str(role), place)]
    client = Client()
    client.force_login(stationing.person)
    session = client.session
    session["acting_post"] = str(stationing.id)
    # What the second factor asks for is told in test_sign_in.py.
    session["has_second_factor"] = True
    session.save()
    return client


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.parts.append(" ".join(data.split()))


def text_of(response: Any) -> str:
    """What a reader of the page reads."""
    parser = _Text()
    parser.feed(response.content.decode())
    return " ".join(parser.parts)
