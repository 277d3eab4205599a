"""Source-prevention recommendations (源头治理建议): from one or several matters to one kind of trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.leading.enums import RecommendationAction
from fengqiao.leading.models import Recommendation, RecommendationNumber, RecommendationSource
from fengqiao.leading.policies import check_may_recommend
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.numbering import next_number
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Restriction, State, WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.enums import EXEMPT_FROM_SUPERVISION
from fengqiao.places.models import Department
from fengqiao.places.queries.bodies import does_take_work, held_open
from fengqiao.rules.queries.instructions import barred_by

LONGEST = timedelta(days=183)
MOST = 20


@dataclass(frozen=True)
class NewRecommendation:
    """``found``: what the matters have in common; ``advice``: what would prevent more. ``others``: codes."""

    department_id: UUID
    found: str
    advice: str
    reply_by: date
    others: Sequence[str] = field(default=())


def send(
    *, actor: Actor, matter_id: UUID, new: NewRecommendation, version: int | None = None
) -> Recommendation:
    """Sends a recommendation to a unit, drawn from a matter and others that the actor sees.

    Refused: to bodies that decide independently, from restricted matters (a letter goes out of the house), in words
    that decide the substance or label a person (rules/data/instruction-bars.csv).
    """
    found = needed("found", new.found, _("请写明发现了什么共同的问题。"), shortest=4)
    advice = needed("advice", new.advice, _("请写明建议怎样从源头预防。"), shortest=4)
    matters = _sources(actor, matter_id, new.others, version)
    matter = next(each for each in matters if each.pk == matter_id)
    check_may_recommend(actor, matter)
    department = _unit(matter, new.department_id)
    today = clock.today()
    if not today < new.reply_by <= today + LONGEST:
        raise Invalid({"reply_by": _("回复期限应在明天起半年以内。")})
    if bar := barred_by(f"{found}\n{advice}"):
        raise Refusal("not_to_recommend", bar.reason, field="advice")
    if any(each.restriction != Restriction.OPEN for each in matters):
        raise Refusal("restricted_stays", _("限阅事项不写进对外的建议书。"))
    number = next_number(RecommendationNumber, county=matter.county, year=today.year)
    assert actor.centre_id is not None  # noqa: S101  what the policy asked
    letter = Recommendation.objects.create(
        **of(matter),
        department=department,
        centre_id=actor.centre_id,
        year=today.year,
        number=number,
        found=found,
        advice=advice,
        reply_by=new.reply_by,
        sent_by_id=actor.person_id,
        sent_at=clock.now(),
    )
    RecommendationSource.objects.bulk_create(
        [RecommendationSource(**of(each), recommendation=letter) for each in matters]
    )
    for each in matters:
        _written(actor, each, letter, RecommendationAction.SEND, advice)
    return letter


def record_reply(
    *, actor: Actor, recommendation_id: UUID, text: str, replied_on: date, version: int | None = None
) -> Recommendation:
    """记录回复: what the unit answered, once."""
    text = needed("text", text, _("请写明单位的回复。"), shortest=2)
    known = Recommendation.objects.filter(pk=recommendation_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("recommendation_not_found", _("没有这份建议，或您的岗位看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    check_may_recommend(actor, matter)
    letter = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation_id)
    if letter.replied_on is not None:
        raise Refusal("replied_already", _("这份建议的回复已经记录。"))
    if not letter.sent_at.astimezone(clock.SHANGHAI).date() <= replied_on <= clock.today():
        raise Invalid({"replied_on": _("回复日期应在发出之后、今天之前。")})
    letter.reply, letter.replied_on, letter.reply_by_person_id = text, replied_on, actor.person_id
    letter.save(update_fields=["reply", "replied_on", "reply_by_person"])
    _written(actor, matter, letter, RecommendationAction.REPLY, text)
    return letter


def _sources(actor: Actor, matter_id: UUID, others: Sequence[str], version: int | None) -> list[Matter]:
    """The matters, locked in one order for everybody."""
    codes = {each.strip() for each in others if each.strip()}
    if len(codes) >= MOST:
        raise Invalid({"others": _("一份建议最多引用 20 件事项。")})
    seen = dict(Matter.objects.visible_to(actor).filter(code__in=codes).values_list("code", "pk"))
    if missing := sorted(codes - set(seen)):
        raise Invalid({"others": _("没有这件事项，或您的岗位看不到它：%(code)s") % {"code": missing[0]}})
    wanted = sorted({matter_id, *seen.values()}, key=str)
    return [
        locked(actor=actor, matter_id=each, version=version if each == matter_id else None) for each in wanted
    ]


def _unit(matter: Matter, department_id: UUID) -> Department:
    department = next(iter(held_open(Department, [department_id])), None)
    if (
        department is None
        or department.county != matter.county
        or not does_take_work(department, clock.today())
    ):
        raise Invalid({"department": _("请选择本县的单位。")})
    if department.kind in EXEMPT_FROM_SUPERVISION:
        raise Refusal(
            "independent_body",
            _("法院、检察院和仲裁委依法独立办案：可以沟通、告知，不向其发建议书。"),
            field="department",
        )
    return department


def _written(
    actor: Actor, matter: Matter, letter: Recommendation, action: RecommendationAction, text: str
) -> None:
    note(
        matter,
        actor=actor,
        type=f"recommendation.{action}",
        parameters={
            "recommendation": letter.pk,
            "department": letter.department_id,
            "year": letter.year,
            "number": letter.number,
        },
        words={WordKind.SUMMARY: text},
        # A unit may answer after the matter went into the archive, where it stays as it was.
        raises_version=matter.state != State.ARCHIVED,
    )
