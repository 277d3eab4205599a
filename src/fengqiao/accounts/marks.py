"""What a view says of itself to the middleware that finds who acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def without_post(view: View) -> View:
    """Marks a view that works without an acting post (signing in, choosing a post)."""
    view.without_post = True  # type: ignore[attr-defined]  # a function carries marks that no type names
    return view


def for_machines(view: View) -> View:
    """Marks a view that asks for no person here: it answers while the database does not, or (the API) finds
    its caller by itself and refuses in its own words."""
    view.for_machines = True  # type: ignore[attr-defined]  # as above
    return view
