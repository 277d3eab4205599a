"""Who acts: a person in one post, and what the walls of the database let that post reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from fengqiao.accounts.enums import ADMINISTRATORS, Role


@dataclass(frozen=True)
class Actor:
    """A person acting as one post.

    ``county`` is the six digits that new records of this post belong to; ``counties`` are those whose
    records the post may reach at all (a city centre: its own and its counties'; an administrator: none).
    ``division`` is the 12-digit division of the post's centre or department.
    """

    person_id: UUID
    name: str
    role: Role
    county: str
    counties: tuple[str, ...] = ()
    post_id: UUID | None = None
    centre_id: UUID | None = None
    department_id: UUID | None = None
    home_department_id: UUID | None = None
    division: str = ""
    place_label: str = ""
    audit_counties: tuple[str, ...] = field(default=())

    def is_any(self, *roles: Role) -> bool:
        """Whether the acting post is one of these."""
        return self.role in roles

    @property
    def is_administrator(self) -> bool:
        return self.role in ADMINISTRATORS

    @property
    def bodies(self) -> frozenset[UUID]:
        """The departments the person belongs to: of the post, and the one that stationed them."""
        return frozenset(b for b in (self.department_id, self.home_department_id) if b)
