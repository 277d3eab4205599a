"""What every handler begins with who tells of a link of a matter's history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fengqiao.dispatch.steps import HANDLERS
from fengqiao.matters.events import Link
from fengqiao.notices.domain.telling import Addressee, NewNotice
from fengqiao.notices.enums import Kind


def notice_of(link: Link, kind: Kind, to: Addressee, **more: Any) -> NewNotice:
    """A notice of the link's matter."""
    return NewNotice(
        kind=kind,
        to=to,
        county=link.county,
        restriction=link.restriction,
        matter_id=link.matter_id,
        **more,
    )


def handlers_of(department: UUID | str) -> Addressee:
    """Whoever handles matters at a department."""
    return Addressee(roles=HANDLERS, department_id=department)
