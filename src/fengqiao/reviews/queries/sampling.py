"""Draws of closed files as pages show them: how many of what was found, and which."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.enums import Restriction, State
from fengqiao.matters.models import Matter
from fengqiao.reviews.enums import Answer
from fengqiao.reviews.models import CheckedItem, Sample, SampledFile
from fengqiao.reviews.policies import samples_visible_to
from fengqiao.rules.queries.checklist import Item, all_items


@dataclass(frozen=True)
class ItemFigures:
    """How many files answered one question how."""

    item: Item
    yes: int
    no: int
    na: int
    to_mend: int


def closed_files(centre_id: UUID, counties: Collection[str], first: date, last: date) -> QuerySet[Matter]:
    """The open (not restricted) matters that a centre closed in a period and that are closed still."""
    return Matter.objects.filter(
        county__in=counties,
        holder_id=centre_id,
        state__in=(State.CLOSED, State.ARCHIVED),
        restriction=Restriction.OPEN,
        is_history=False,
        closed_at__gte=_start(first),
        closed_at__lt=_start(last + timedelta(days=1)),
    )


def samples_of(actor: Actor) -> QuerySet[Sample]:
    """The draws of the acting post's centre, the newest first, with how many files were drawn and checked."""
    return (
        samples_visible_to(actor)
        .select_related("centre")
        .annotate(
            drawn=Count("files", distinct=True),
            checked=Count("files", filter=Q(files__checked_at__isnull=False), distinct=True),
        )
        .order_by("-drawn_at", "-pk")
    )


def files_of(actor: Actor, sample: Sample) -> QuerySet[SampledFile]:
    """The files of a draw whose matters the post sees, in the order in which they were drawn."""
    seen = Matter.objects.visible_to(actor).order_by().values("pk")
    return (
        SampledFile.objects.filter(sample=sample, matter__in=seen).select_related("matter").order_by("place")
    )


def figures_of(actor: Actor, sample: Sample) -> list[ItemFigures]:
    """What was found by question, in the order of the checklist (one statement)."""
    files = files_of(actor, sample).order_by().values("pk")
    counted = (
        CheckedItem.objects.filter(file__in=files)
        .order_by()
        .values("item")
        .annotate(
            yes=Count("pk", filter=Q(answer=Answer.YES)),
            no=Count("pk", filter=Q(answer=Answer.NO)),
            na=Count("pk", filter=Q(answer=Answer.NA)),
            to_mend=Count("pk", filter=Q(answer=Answer.NO, mended_at=None)),
        )
    )
    by_item = {each["item"]: each for each in counted}
    return [
        ItemFigures(item, *(by_item[name][key] for key in ("yes", "no", "na", "to_mend")))
        for name, item in all_items().items()
        if name in by_item
    ]


def answers_of(actor: Actor, sample: Sample, *, item: str, answer: str, to_mend: bool) -> list[CheckedItem]:
    """The answers behind a number."""
    found = CheckedItem.objects.filter(file__in=files_of(actor, sample).order_by().values("pk"))
    if item:
        found = found.filter(item=item)
    if answer:
        found = found.filter(answer=answer)
    if to_mend:
        found = found.filter(answer=Answer.NO, mended_at=None)
    return list(found.select_related("file__matter").order_by("file__place", "item"))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI)
