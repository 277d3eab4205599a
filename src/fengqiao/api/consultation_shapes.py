"""The shapes of joint legal consultations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from fengqiao.api.actions.shapes import Written
from fengqiao.api.paging import Listed
from fengqiao.api.shapes import KEPT, Code, Moment, Named, PageOf, Shape, Told
from fengqiao.counsel.domain.calling import Asked, Outsider
from fengqiao.counsel.enums import Capacity, ConsultationAction, ConsultationState, Followed, Reply, Way
from fengqiao.counsel.models import Consultation, GivenOpinion, Invitee

Reason = Annotated[str, Field(max_length=5_000, pattern=KEPT)]


class ConsultationsAsked(Listed):
    """All that are given must hold."""

    matter: Code | None = None
    state: ConsultationState | None = None
    waiting: Annotated[bool, Field(description="Only those in which it is the caller's turn.")] = False


class ConsultationTold(Told):
    """A question of law of one matter, before several who know the law."""

    id: UUID
    matter: Annotated[str | None, Field(description="The matter's code, where the post may open it.")]
    state: ConsultationState
    question: str
    meets_at: datetime
    way: Way
    place: str
    chair: Named
    called_at: datetime
    opinion: Annotated[str, Field(description="As the chair signed it; empty until then.")]
    articles: str
    ended_at: datetime | None
    followed: Annotated[Followed | None, Field(description="What was done with the opinion.")]
    follow_reason: str


class InviteeTold(Told):
    """Somebody who was asked. Who has no post here has no ``person``."""

    id: UUID
    person: UUID | None
    name: str
    unit: str
    capacity: Capacity
    reply: Reply
    replied_at: datetime | None


class OpinionGiven(Told):
    """What one of them said."""

    invitee: UUID
    text: str
    given_at: datetime


class ConsultationDetail(ConsultationTold):
    facts: Annotated[str, Field(description="All that those who are invited read of the matter.")]
    invitees: list[InviteeTold]
    opinions: list[OpinionGiven]
    actions: Annotated[list[ConsultationAction], Field(description="What the caller may do now.")]


class ConsultationPage(PageOf):
    items: list[ConsultationTold]


class OutsiderSent(Shape):
    """Somebody without a post here: told by the centre, and shown nothing by the program."""

    name: Annotated[str, Field(min_length=2, max_length=60, pattern=KEPT)]
    capacity: Literal["law_society", "chief", "advisory", "lawyer", "expert"]
    unit: Annotated[str, Field(max_length=120, pattern=KEPT)] = ""


class AskedSent(Shape):
    posts: Annotated[
        list[UUID], Field(max_length=30, description="Posts, by who holds them (stationings).")
    ] = []
    advisers: Annotated[list[UUID], Field(max_length=30, description="Of the county's roster.")] = []
    outsiders: Annotated[list[OutsiderSent], Field(max_length=30)] = []

    def asked(self) -> Asked:
        named = [Outsider(each.name, each.capacity, each.unit) for each in self.outsiders]
        return Asked(posts=self.posts, outsiders=named, advisers=self.advisers)

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"posts", "outsiders", "advisers"}) | {"asked": self.asked()}


class CalledSent(AskedSent):
    facts: Annotated[Written, Field(description="What those who are invited read. No protected numbers.")]
    question: Annotated[Written, Field(description="One question a line.")]
    meets_at: Moment
    way: Way
    place: Annotated[str, Field(max_length=300, pattern=KEPT, description="Room, or the video link.")]
    chair: Annotated[UUID, Field(description="What holds a leader of the centre in their post.")]


class Plain(Shape):
    def values(self) -> dict[str, Any]:
        return self.model_dump()


class InvitationAnswerSent(Plain):
    answer: Annotated[
        Literal["comes", "cannot", "recused"],
        Field(description="`recused`: steps aside from the consultation and from its matter."),
    ]
    reason: Annotated[Reason, Field(description="But for `comes` needed.")] = ""
    invitee_id: Annotated[
        UUID | None, Field(description="Somebody without a post, for whom the centre writes it down.")
    ] = None


class SaidSent(Plain):
    text: Annotated[Written, Field(description="The opinion and what it rests on. It never changes.")]
    invitee_id: Annotated[
        UUID | None, Field(description="Somebody without a post, for whom the centre writes it down.")
    ] = None


class SignedSent(Plain):
    opinion: Written
    articles: Annotated[Reason, Field(description="The articles that it rests on.")] = ""


class FollowedSent(Plain):
    followed: Followed
    reason: Annotated[Reason, Field(description="But for `yes` needed.")] = ""


class OffSent(Plain):
    reason: Written


class ConsultationReceipt(Told):
    """What was said in which consultation, and the version of its matter after it."""

    id: UUID
    said: ConsultationAction
    version: int


def plain(row: Consultation, codes: Mapping[UUID, str]) -> dict[str, Any]:
    """What a list tells of one; ``codes`` of the matters that the post may open."""
    same = ("question", "meets_at", "place", "called_at", "opinion", "articles", "ended_at", "follow_reason")
    return {
        "id": row.pk,
        "matter": codes.get(row.matter_id),
        "state": ConsultationState(row.state),
        "way": Way(row.way),
        "chair": Named(id=str(row.chair_id), name=row.chair.name),
        "followed": Followed(row.followed) if row.followed else None,
        **{name: getattr(row, name) for name in same},
    }


def invitee_told(row: Invitee) -> InviteeTold:
    """One who was asked."""
    return InviteeTold(
        id=row.pk,
        person=row.person_id,
        name=row.name,
        unit=row.unit,
        capacity=Capacity(row.capacity),
        reply=Reply(row.reply),
        replied_at=row.replied_at,
    )


def opinion_told(row: GivenOpinion) -> OpinionGiven:
    """One opinion."""
    return OpinionGiven(invitee=row.invitee_id, text=row.text, given_at=row.given_at)
