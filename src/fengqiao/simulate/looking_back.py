"""When a play ends people look back: some facts on the accountability list, a sample of closed files, case reviews."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.enums import Restriction, State
from fengqiao.matters.models import Matter
from fengqiao.reviews.domain import listing, reviewing, sampling
from fengqiao.reviews.domain.sampling import Said
from fengqiao.reviews.enums import Answer, ReviewKind
from fengqiao.reviews.models import CheckedItem, ListedFact, Review, Sample, SampledFile
from fengqiao.reviews.queries.reviews import judicial_bodies
from fengqiao.reviews.queries.seen import SeenFilter, seen
from fengqiao.rules.queries.checklist import items_for
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.turns import Turn

SEED = "demo"
MONTH = timedelta(days=30)
LISTED, ANSWERED = 5, 2
DRAWN, CHECKED = 8, 4
REPLIES = ("当日人员外出，次日已补办，今后专人接收。", "材料由中心补送后才齐全，收到当天即已办理。")


def look_back(cast: Cast) -> None:
    """Each once: what an earlier run has left is not done again."""
    director = cast.director(cast.county_centre.id)
    if director is None:
        return
    _facts(cast, director)
    _files(cast, director)
    if cast.commission is not None:
        _cases(cast.commission, director)


def _facts(cast: Cast, director: Actor) -> None:
    with scope(director):
        if ListedFact.objects.exists():
            return
        found = [
            each
            for each in seen(director, SeenFilter(first=clock.today() - 2 * MONTH), most=200)
            if each.department is not None
            and each.department.pk in cast.at_department
            and each.matter.holder_id == director.centre_id
            and each.matter.restriction == Restriction.OPEN
        ]
    chosen = sorted(found, key=lambda each: (each.kind, each.matter.code, each.due_at))[:LISTED]
    for number, fact in enumerate(chosen):
        listed = _does(
            director,
            "review.list",
            listing.enter,
            matter_id=fact.matter.pk,
            rule=fact.rule.id,
            source_id=fact.source_id,
            remark="经核对，单位没有按期办理，也没有说明。",
        )
        assert fact.department is not None  # noqa: S101  chosen by it
        handler = cast.at_department[fact.department.pk]
        if number < ANSWERED and _sees(handler, fact.matter):
            _does(handler, "review.reply", listing.reply, listed_id=listed.pk, text=REPLIES[number])


def _files(cast: Cast, director: Actor) -> None:
    today = clock.today()
    with scope(director):
        closed = Matter.objects.filter(
            holder_id=director.centre_id,
            state__in=(State.CLOSED, State.ARCHIVED),
            restriction=Restriction.OPEN,
            closed_at__gte=clock.now() - MONTH,
        )
        if Sample.objects.exists() or not closed.exists():
            return
    asked = {"first": today - MONTH, "last": today, "wanted": DRAWN, "seed": SEED}
    sample = _does(director, "sample.draw", sampling.draw, **asked)
    rng = Random(SEED)  # noqa: S311  a play, no secret
    inspector = cast.someone(cast.county_centre.id, (Role.PETITION_INSPECTOR,), rng)
    dispatcher = cast.someone(cast.county_centre.id, (Role.DISPATCHER,), rng)
    if inspector is None or dispatcher is None:
        return
    with scope(director):
        files = list(SampledFile.objects.filter(sample=sample).select_related("matter").order_by("place"))
    for file in files[:CHECKED]:
        said = {item.id: Said(Answer.YES) for item in items_for(file.matter.outcome, today)}
        if file.place in (1, 2):
            said["closing"] = Said(Answer.NO, "结案依据没有入卷。", today + timedelta(days=10))
        _does(inspector, "sample.check", sampling.check, file_id=file.pk, answers=said)
    with scope(director):
        wrong = CheckedItem.objects.filter(file__sample=sample, answer=Answer.NO).order_by("file__place")
        first = wrong.values_list("pk", flat=True).first()
    if first is not None:
        _does(dispatcher, "sample.mend", sampling.mend, item_id=first, text="已补入结案依据并重新编目。")


def _cases(commission: Actor, director: Actor) -> None:
    with scope(director):
        if Review.objects.filter(kind=ReviewKind.CASE).exists():
            return
        closed = Matter.objects.filter(
            holder_id=director.centre_id,
            state__in=(State.CLOSED, State.ARCHIVED),
            restriction=Restriction.OPEN,
            against_department=None,
        )
        chosen = [each for each in closed.order_by("code")[:20] if not judicial_bodies(each)][:2]
    ground = "当事人向政法委反映办理拖延，需要查清交办之后的办理过程。"
    for number, matter in enumerate(chosen):
        review = _does(commission, "case.open", reviewing.open_case, code=matter.code, ground=ground)
        if number:
            continue
        findings = "受理、交办及时；办理期间有一段没有进展记录，回访记录过于简单。"
        _does(commission, "case.find", reviewing.find, review_id=review.pk, text=findings)
        _does(
            commission,
            "case.conclude",
            reviewing.conclude,
            review_id=review.pk,
            conclusion="办理结果合法，过程记录有缺漏。",
            to_mend="补录进展；今后回访写明当事人原话。",
            mend_by=clock.today() + timedelta(days=14),
        )


def _sees(actor: Actor, matter: Matter) -> bool:
    with scope(actor):
        return bool(Matter.objects.visible_to(actor).filter(pk=matter.pk).exists())


def _does(actor: Actor, verb: str, act: Any, **values: Any) -> Any:
    return Turn(actor, verb, lambda who: act(actor=who, **values)).take()
