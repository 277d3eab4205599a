"""What the demo shows: a county that has already been at work, and the people to sign in as.

The set-up must start on a machine where the simulated county is not installed, so it is asked for here only
when it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec


def first_weeks() -> bool:
    """Makes the county's first weeks, once; returns whether there is a county to show."""
    if find_spec("fengqiao.simulate.county") is None:
        return False
    from fengqiao.simulate import county  # type: ignore[attr-defined]

    county.first_weeks()
    return True


def the_rest() -> Sequence[str]:
    """The command that plays the weeks after the first, beside the running demo; empty when there is none."""
    return ()


def sign_ins() -> Sequence[tuple[str, str, str]]:
    """One person a role: the role's name, the login, the password."""
    if find_spec("fengqiao.simulate.people") is None:
        return ()
    from fengqiao.simulate import people  # type: ignore[attr-defined]

    found: Sequence[tuple[str, str, str]] = people.sign_ins()
    return found
