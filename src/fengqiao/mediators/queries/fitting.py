"""Who fits a matter: mediators of the centre that holds it, in order, each with the reasons.

The order is one of facts, compared one after the other: knows this kind of dispute, speaks the language that is
asked for, goes to the place, has less in hand, has mediated more of the kind. Nothing is added up to a mark, and how
often somebody came to an agreement is not asked (adr/0044). The officer chooses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from fengqiao.kernel.codes import prefix_range
from fengqiao.matters.models import Matter, Recusal
from fengqiao.mediation.models import Mediation
from fengqiao.mediators.enums import Fit
from fengqiao.mediators.models import Mediator
from fengqiao.places.models import Post, Stationing
from fengqiao.places.queries.bodies import of_the_body
from fengqiao.places.queries.divisions import in_force

SHOWN = 20
# What rooms below know of who must not mediate a matter: supplied by config/wiring.py.
_kept_away: list[Callable[[Matter], set[UUID]]] = []


def leave_out(people: Callable[[Matter], set[UUID]]) -> None:
    """People whom another room keeps from mediating a matter are not proposed for it."""
    if people not in _kept_away:
        _kept_away.append(people)


@dataclass(frozen=True)
class Fitting:
    """A mediator for one matter: why, how many mediations they lead now, how many of the kind they have led.

    ``namesake``: a party bears the same name; whether it is the same person is for the officer to ask.
    """

    mediator: Mediator
    reasons: tuple[Fit, ...]
    in_hand: int
    of_the_kind: int
    namesake: bool


def fitting(matter: Matter, day: date, *, language: str = "", shown: int = SHOWN) -> list[Fitting]:
    """The first of the register of the centre that holds the matter, best fitting first.

    Left out is who must step aside: who did so in this matter, who belongs to the body complained of, and who
    advised a party as its lawyer.
    """
    kind, places = matter.category[:2], _places_of(matter)
    # By their keys, so that PostgreSQL knows how many of the register a post has.
    posts = list(Post.objects.filter(centre_id=matter.holder_id).order_by().values_list("pk", flat=True))
    running = _running(matter)
    found = (
        Mediator.objects.filter(in_force(day), post_id__in=posts, person__is_active=True)
        .filter(Exists(_held(day, posts)))
        .exclude(Exists(Recusal.objects.filter(matter_id=matter.pk, person_id=OuterRef("person_id"))))
        .annotate(
            knows=Q(fields__contains=[kind]),
            speaks=Q(languages__contains=[language]),
            near=Q(places__has_any_keys=places),
            in_hand=_in_hand(running),
        )
    )
    for people in _kept_away:
        found = found.exclude(person_id__in=people(matter))
    if matter.against_department_id:
        belonging = of_the_body(matter.against_department_id)
        found = found.exclude(Exists(belonging.filter(person_id=OuterRef("person_id"))))
    order = ("-knows", "-speaks", "-near", "in_hand", "person__name", "pk")
    first = list(found.order_by(*order).values_list("pk", flat=True)[:shown])
    entries = Mediator.objects.select_related("person", "post__centre").in_bulk(first)
    rows = [entries[key] for key in first]
    led = _led([each.person_id for each in rows], kind)
    names = set(matter.parties.exclude(name="").values_list("name", flat=True)) if rows else set()
    told = [
        Fitting(
            mediator=each,
            reasons=tuple(
                fit
                for fit, holds in (
                    (Fit.FIELD, kind in each.fields),
                    (Fit.LANGUAGE, language in each.languages),
                    (Fit.PLACE, any(place in each.places for place in places)),
                )
                if holds
            ),
            in_hand=running[each.person_id],
            of_the_kind=led[each.person_id],
            namesake=each.person.name in names,
        )
        for each in rows
    ]
    told.sort(key=lambda each: (*(fit not in each.reasons for fit in Fit), each.in_hand, -each.of_the_kind))
    return told


def _places_of(matter: Matter) -> list[str]:
    """The village of the matter and its town."""
    code = matter.division_id or ""
    return list(dict.fromkeys((code, f"{code[:9]}000"))) if code else []


def _held(day: date, posts: list[UUID]) -> QuerySet[Stationing]:
    return Stationing.objects.filter(
        in_force(day), person_id=OuterRef("person_id"), post_id=OuterRef("post_id"), post_id__in=posts
    )


def _in_hand(running: Counter[UUID]) -> Func:
    """How many of these mediations a row's person has. Handed in as one value and looked up in it: counted in the
    statement, person by person, it takes as long as all the rest."""
    return Func(
        Value({str(person): n for person, n in running.items()}, output_field=JSONField()),
        Cast("person_id", TextField()),
        template="COALESCE((%(expressions)s)::int, 0)",
        arg_joiner=" ->> ",
        output_field=IntegerField(),
    )


def _running(matter: Matter) -> Counter[UUID]:
    """How many mediations each mediator of the county leads now, of those that the actor sees."""
    rows = (
        Mediation.objects.filter(county=matter.county, ended_at__isnull=True, mediator_id__isnull=False)
        .order_by()
        .values_list("mediator_id")
        .annotate(n=Count("pk"))
    )
    return Counter(dict(rows))


def _led(people: Collection[UUID], kind: str) -> Counter[UUID]:
    """How many mediations of this kind each of these people has led to an end, of those that the actor sees."""
    if not kind or not people:
        return Counter()
    low, high = prefix_range(kind)
    rows = (
        Mediation.objects.filter(
            mediator_id__in=people,
            ended_at__isnull=False,
            matter__category__gte=low,
            matter__category__lt=high,
        )
        .order_by()
        .values_list("mediator_id")
        .annotate(n=Count("pk"))
    )
    return Counter(dict(rows))
