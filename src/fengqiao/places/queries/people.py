"""Who is stationed where, for the security administrator: people with a post inside the division."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from django.core import signing
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.queries.second_factor import has_second_factor
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix, prefix_range
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.places.models import Centre, Department, Division, Enrolment, Post, Stationing
from fengqiao.places.queries.divisions import in_force

PAGE = 30
MOST_COUNTED = 1000


@dataclass(frozen=True)
class PeopleFilter:
    """All that are set must hold. ``place``: "centre:…", "department:…" or "division:…"."""

    name: str = ""
    role: str = ""
    place: str = ""
    access: str = ""

    def as_query(self) -> dict[str, str]:
        """The filters that are set, as they stand in an address."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}


@dataclass(frozen=True)
class PeoplePage:
    rows: list[Person]
    next_cursor: str
    is_first: bool


def in_reach(actor: Actor) -> QuerySet[Person]:
    """Everybody who holds, held or will hold a post inside the actor's division, or was entered there."""
    low, high = _range(actor)
    entered = Enrolment.objects.filter(division_id__gte=low, division_id__lt=high)
    stationed = Exists(_within(actor).filter(person_id=OuterRef("pk")))
    return Person.objects.filter(stationed | Exists(entered.filter(person_id=OuterRef("pk"))))


def waiting(people: QuerySet[Person]) -> QuerySet[Person]:
    """Those who were entered and have never been given a post."""
    return people.filter(~Exists(Stationing.objects.filter(person_id=OuterRef("pk"))), is_active=True)


def person_in_reach(*, actor: Actor, person_id: UUID) -> Refusal | None:
    """Guard: whose posts all lie inside the actor's division. Who works elsewhere too is kept from above."""
    if not in_reach(actor).filter(pk=person_id).exists():
        return NotAllowed("person_not_found", _("您管理的范围内没有这个人。"))
    running = Q(valid_until__isnull=True) | Q(valid_until__gte=clock.today())
    elsewhere = Stationing.objects.filter(running, person_id=person_id).exclude(
        pk__in=_within(actor).values("pk")
    )
    if elsewhere.exists():
        return NotAllowed(
            "posts_elsewhere_too", _("这个人在您管理的范围以外还有岗位，请由上级的管理员来办。")
        )
    return None


def matching(actor: Actor, wanted: PeopleFilter) -> QuerySet[Person]:
    """The people in reach that fit the filters; role and place must be of one post, held today."""
    found = in_reach(actor)
    if wanted.name:
        found = found.filter(Q(name__icontains=wanted.name) | Q(username__icontains=wanted.name))
    if wanted.access in ("active", "inactive"):
        found = found.filter(is_active=wanted.access == "active")
    elif wanted.access == "waiting":
        found = waiting(found)
    elif wanted.access == "one_factor":
        found = found.filter(~has_second_factor(), is_active=True, is_machine=False)
    if wanted.role or wanted.place:
        posts = _within(actor).filter(in_force(clock.today()), person_id=OuterRef("pk"))
        if wanted.role:
            posts = posts.filter(post__role=wanted.role)
        if wanted.place:
            posts = posts.filter(_at(wanted.place))
        found = found.filter(Exists(posts))
    return found


def page(actor: Actor, wanted: PeopleFilter, *, cursor: str = "", size: int = PAGE) -> PeoplePage:
    """One page in the order of the login names, with all posts of each person (two statements)."""
    found = matching(actor, wanted)
    after = _read_cursor(cursor, actor, wanted)
    if after is not None:
        found = found.filter(username__gt=after)
    rows = list(with_posts(found).order_by("username")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return PeoplePage(
        rows=rows,
        next_cursor=_cursor(rows[-1], actor, wanted) if more else "",
        is_first=after is None,
    )


def count(actor: Actor, wanted: PeopleFilter) -> tuple[int, bool]:
    """How many, and whether there are more than are counted."""
    found = matching(actor, wanted).values("pk")[: MOST_COUNTED + 1].count()
    return min(found, MOST_COUNTED), found > MOST_COUNTED


def with_posts(people: QuerySet[Person]) -> QuerySet[Person]:
    """People with their posts, newest first, the names of the places, and whether they have a second factor
    (one statement more)."""
    posts = Stationing.objects.select_related(
        "post", "post__centre", "post__department", "post__division", "home_department"
    ).order_by("-valid_from", "id")
    return (
        people.annotate(has_second_factor=has_second_factor())
        .select_related("enrolment__home_department")
        .prefetch_related(Prefetch("stationings", queryset=posts))
    )


def places_in_reach(actor: Actor) -> tuple[list[Centre], list[Department], list[Division]]:
    """Where posts are inside the actor's division: centres, departments, and what administrators are for."""
    low, high = _range(actor)
    inside = {"division_id__gte": low, "division_id__lt": high}
    administered = _within(actor).filter(post__centre=None, post__department=None)
    return (
        list(Centre.objects.filter(**inside).order_by("division_id")),
        list(Department.objects.filter(**inside).order_by("division_id", "kind", "name")),
        list(Division.objects.filter(pk__in=administered.values("post__division_id")).order_by("code")),
    )


def others_at(post: Post, person_id: UUID) -> int:
    """How many other people hold the same post today."""
    held = Stationing.objects.filter(in_force(clock.today()), post=post).exclude(person_id=person_id)
    return held.values("person").distinct().count()


def is_running(stationing: Stationing, on: date) -> bool:
    """Whether the post can be acted as on a day."""
    return stationing.valid_from <= on and (stationing.valid_until is None or stationing.valid_until >= on)


def roles_held(person: Person, on: date) -> set[Role]:
    """The roles of the posts that a person (of ``with_posts``) holds on a day."""
    return {Role(each.post.role) for each in person.stationings.all() if is_running(each, on)}


def _within(actor: Actor) -> QuerySet[Stationing]:
    low, high = _range(actor)
    return Stationing.objects.filter(post__division_id__gte=low, post__division_id__lt=high)


def _range(actor: Actor) -> tuple[str, str]:
    low, high = prefix_range(division_prefix(actor.division))
    return low.ljust(12, "0"), high.ljust(12, "0")


def _at(place: str) -> Q:
    kind, _colon, key = place.partition(":")
    if kind == "division":
        return Q(post__division_id=key, post__centre=None, post__department=None)
    try:
        return Q(**{f"post__{'centre' if kind == 'centre' else 'department'}_id": UUID(key)})
    except ValueError:
        return Q(pk__in=[])


def _cursor(last: Person, actor: Actor, wanted: PeopleFilter) -> str:
    return signing.dumps([last.username, _shape(actor, wanted)], salt="people", compress=True)


def _read_cursor(cursor: str, actor: Actor, wanted: PeopleFilter) -> str | None:
    """The end of the page before; a cursor of another filter, another post or changed by hand begins anew."""
    if not cursor:
        return None
    try:
        username, shape = signing.loads(cursor, salt="people")
    except (signing.BadSignature, ValueError):
        return None
    return str(username) if shape == _shape(actor, wanted) else None


def _shape(actor: Actor, wanted: PeopleFilter) -> str:
    return signing.Signer(salt="people-shape").signature(
        f"{actor.post_id}|{sorted(wanted.as_query().items())}"
    )[:16]
