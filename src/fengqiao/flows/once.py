"""A request that is carried out once, however often it is sent: asked first and told last in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from fengqiao.matters.models import Matter


class Once(Protocol):
    """What a door hands to a flow so that a repeated request gives the answer of the first time."""

    def begin(self) -> None:
        """In the transaction, before anything is written; raises what ends a request that was carried out."""

    def end(self, matter: Matter) -> None:
        """In the transaction, after everything was written: keeps the answer, where the matter stands now."""

    def keep(self, answer: Mapping[str, Any]) -> None:
        """The same of what is no matter: references and codes from which its answer is made again."""
