"""The county that is played: its organisation taken in once, then day after day of citizens and officers."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.db import connection

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import agreed_days
from fengqiao.clocks.domain.sweeping import sweep
from fengqiao.flows import organisation
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.leading.domain import chasing
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.places.domain.divisions import SHIPPED_SINCE, SHIPPED_SOURCE, shipped_files
from fengqiao.places.domain.organisation import read_organisation
from fengqiao.places.models import Centre
from fengqiao.simulate import keeping, preventing, teaming, whistling
from fengqiao.simulate.bringing import new_matter, window
from fengqiao.simulate.cases import Case, fill, open_matters
from fengqiao.simulate.cast import Cast, assemble
from fengqiao.simulate.catching_up import read_notices
from fengqiao.simulate.days import SATURDAY, arrivals, at, day_of, office_hours
from fengqiao.simulate.fates import SOURCE, Fate, fate_of
from fengqiao.simulate.looking_back import look_back
from fengqiao.simulate.own_limits import set_own_limits
from fengqiao.simulate.playing import Play
from fengqiao.simulate.turns import Turn

COUNTY = "440785"
ORGANISATION = Path(__file__).parent / "organisation" / "enping.toml"
PASSWORD = "fengqiao-demo"  # noqa: S105  printed at each start of the demo, a secret of nobody
NOON, AFTERNOON = time(12), time(14)
BEFORE_WORK = 8 * 60
AT_WORK = 10 * 60
END_OF_WORK = 17 * 60 + 45
END_OF_EVENING = 22 * 60 + 30
# Nothing is played after it.
LATE_EVENING = 23 * 60 + 30
# Before that the demo has shown its first page.
SECOND_WEEK = timedelta(days=6)
# Who takes a matter in at a window; in the evening the commander on duty.
TAKES_IN = (Role.REGISTRAR, Role.DIRECTOR)
AT_NIGHT = (Role.DUTY_COMMANDER, Role.REGISTRAR, Role.DIRECTOR)


class NotThisDatabase(RuntimeError):
    """The database holds an organisation that is not the demo county's; nothing was added."""


@dataclass(frozen=True)
class Plan:
    """Which days are played and how busy they are. The days decide themselves: a seed's day is always the same."""

    seed: int
    first: date
    until: date
    per_day: float
    # Whether the last day ends with whistles that are running; not where more days follow.
    to_the_end: bool = True

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.until - self.first).days + 1)]

    @cached_property
    def matters(self) -> int:
        """How many matters come in all."""
        return sum(len(arrivals(self.seed, day, self.per_day)) for day in self.days)


@dataclass
class Told:
    """How far the play is, for a line of progress and for the end's report."""

    plan: Plan
    day: date
    days: int = 0
    matters: int = 0
    registered: int = 0
    acts: int = 0
    refused: int = 0
    refusals: dict[str, int] = field(default_factory=dict)


Listener = Callable[[Told], None]


def may_be_played() -> bool:
    """Whether this database is empty, or its organisation is the one that is played: known by its people."""
    if not Centre.objects.exists():
        return True
    invented = {entry["login"]: entry["name"] for entry in read_organisation(ORGANISATION)["person"]}
    there = dict(Person.objects.filter(username__in=invented).values_list("username", "name"))
    # Some may have been renamed since; a real county has none of them.
    known: int = sum(there.get(login) == name for login, name in invented.items())
    return known * 2 > len(invented)


def take_in() -> None:
    """Takes the divisions that come with the program and the county's organisation in, once.

    :raises NotThisDatabase: where another organisation is there.
    """
    if Centre.objects.exists():
        if not may_be_played():
            raise NotThisDatabase("this database has an organisation of its own: nothing is simulated in it")
        return
    organisation.divisions(shipped_files(), source=SHIPPED_SOURCE, since=SHIPPED_SINCE)
    with _quick_hashes():
        organisation.organisation(ORGANISATION, password=lambda login: PASSWORD)


def play(plan: Plan, *, listener: Listener = lambda told: None, now: datetime | None = None) -> Told:
    """Plays the days of a plan, or goes on with them where an earlier run stopped.

    Nothing is played before the last day that has matters of this seed, nothing twice, and nothing later
    than ``now``.
    """
    with _relaxed_commits():
        return _Playing(plan, listener, now).run()


def last_day_begun(seed: int) -> date | None:
    """The last day of which there are matters of a seed; None before the first."""
    return _Playing(Plan(seed, clock.today(), clock.today(), 1), lambda told: None, None).last_day_begun()


class _Playing:
    def __init__(self, plan: Plan, listener: Listener, now: datetime | None) -> None:
        self.plan, self.listener, self.fixed_now = plan, listener, now
        self.told = Told(plan=plan, day=plan.first)
        self.cast: Cast = assemble(COUNTY)
        self.fates: dict[int, Fate] = {}
        self.order = itertools.count()
        self.heap: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.limit = at(plan.first, 0)
        # Whether the day was begun by an earlier run.
        self.goes_on = False

    @cached_property
    def county_director(self) -> Actor:
        director = self.cast.director(self.cast.county_centre.id)
        if director is None:
            raise NotThisDatabase("the county's centre has no director: nothing can be simulated")
        return director

    def run(self) -> Told:
        begun = self.last_day_begun()
        with clock.at(at(begun or self.plan.first, BEFORE_WORK)):
            set_own_limits(self.cast)
        self.told.matters = self._matters_there()
        for day in self.plan.days:
            self.told.day = day
            if begun is None or day >= begun:
                self._day(day, goes_on=day == begun)
            self.told.days += 1
            self.listener(self.told)
        if self.plan.to_the_end:
            with clock.at(min(self.limit, at(self.plan.until, LATE_EVENING))):
                look_back(self.cast)
                preventing.take_reply(self.cast)
                preventing.recommend(self.cast)
        with clock.at(self.limit):
            read_notices(self.cast, before=self.limit - timedelta(days=1))
        return self.told

    def fate(self, number: int) -> Fate:
        known = self.fates.get(number)
        if known is None:
            known = self.fates[number] = fate_of(self.plan.seed, number, self.cast)
        return known

    # --- a day ------------------------------------------------------------------------------------------------
    def _day(self, day: date, *, goes_on: bool) -> None:
        self.goes_on = goes_on
        now = self.fixed_now or datetime.now(clock.SHANGHAI)
        self.limit = min(now, at(day + timedelta(days=1), 0))
        with clock.at(at(day, 0)):
            cases = self._open_cases(at(day, 0) if goes_on else None)
            there = {case.fate.number for case in cases}
            for case in cases:
                self._first_act(case, day)
        for number in arrivals(self.plan.seed, day, self.plan.per_day):
            if number not in there:
                self._at(self.fate(number).came_at, partial(self._comes, number))
        if day >= self.plan.first + SECOND_WEEK:
            self._at(at(day, AT_WORK), lambda moment: self._beside(day))
        for scene in whistling.of_day(self.cast, self.plan.seed, day):
            self._scene(scene)
        if day == self.plan.until and self.plan.to_the_end:
            end = min(now, at(day, END_OF_WORK))
            for scene in whistling.at_the_end(self.cast, self.plan.seed, end):
                self._scene(scene, until=end)
        while self.heap:
            moment, _, happen = heapq.heappop(self.heap)
            with clock.at(moment):
                happen(moment)
            self.listener(self.told)
        if day == self.plan.until - preventing.BEFORE_THE_END and self.plan.to_the_end:
            with clock.at(min(self.limit, at(day, LATE_EVENING))):
                preventing.recommend(self.cast)
        with clock.at(self.limit):
            sweep()
            agreed_days.sweep()
            chasing.sweep()

    def _at(self, moment: datetime, happen: Callable[[datetime], None]) -> None:
        if moment <= self.limit:
            heapq.heappush(self.heap, (moment, next(self.order), happen))

    def _first_act(self, case: Case, day: date) -> None:
        if case.last_act is not None:
            if case.matter.registered_at >= at(day, 0):
                self._whistle(case)
            if case.state != State.HANDLING or not case.rests(day):
                self._next_act(case, case.last_act)
            return
        moment = office_hours(day, case.fate.rng(f"day{day}"))
        self._at(moment, partial(self._acts, case))

    def _next_act(self, case: Case, after: datetime) -> None:
        """Goes on with the same matter on the same day, as long as there is time."""
        rng = case.fate.rng(f"gap{case.matter.version}")
        moment = after + timedelta(minutes=rng.randint(5, 90), seconds=rng.randint(0, 59))
        if NOON <= moment.astimezone(clock.SHANGHAI).time() < AFTERNOON:
            moment += timedelta(hours=2)
        end = END_OF_EVENING if case.fate.came_at.hour >= 18 else END_OF_WORK
        if moment <= at(after.astimezone(clock.SHANGHAI).date(), end):
            self._at(moment, partial(self._acts, case))

    # --- what happens -------------------------------------------------------------------------------------------
    def _comes(self, number: int, moment: datetime) -> None:
        fate = self.fate(number)
        centre = window(self.cast, fate)
        evening = fate.came_at.hour >= 18 or fate.came_at.weekday() >= SATURDAY
        rng = fate.rng("window")
        officer = self.cast.someone(centre.id, AT_NIGHT if evening else TAKES_IN, rng)
        if officer is None:
            return
        new = new_matter(fate, self.cast, centre)
        matter = self._take(Turn(officer, "matter.register", lambda a: register(actor=a, new=new)))
        if not isinstance(matter, Matter):
            return
        self.told.registered += 1
        self.told.matters += 1
        case = Case(fate, matter, self._seer(fate, officer), stale="confidential" in fate.turns)
        self._whistle(case)
        self._next_act(case, moment)

    def _acts(self, case: Case, moment: datetime) -> None:
        if case.stale and not case.refresh():
            return
        turn = Play(self.cast, case).next_turn()
        if turn is None:
            return
        result = self._take(turn, case)
        if not case.done_for_today and not isinstance(result, Refusal):
            self._next_act(case, moment)

    def _take(self, turn: Turn, case: Case | None = None) -> object:
        self.told.acts += 1
        try:
            return turn.take(case)
        except Refusal as refusal:
            # Somebody at a desk may have been faster: the day goes on without this act.
            self.told.refused += 1
            name = f"{turn.verb}: {refusal.code}"
            self.told.refusals[name] = self.told.refusals.get(name, 0) + 1
            return refusal

    def _whistle(self, case: Case) -> None:
        scene = whistling.for_matter(self.cast, case, case.matter.registered_at)
        if scene is not None:
            self._scene(scene)

    def _scene(self, scene: whistling.Scene, *, until: datetime | None = None) -> None:
        played = scene.recall() if self.goes_on else {}
        for moment, step in scene.steps(self.cast):
            if not step.is_done(played) and (until is None or moment <= until):
                self._at(moment, partial(self._step, step))

    def _step(self, step: whistling.Step | whistling.Score, moment: datetime) -> None:
        turn = step.turn()
        if turn is None:
            return
        self._take(turn)
        if step.scene.case is not None:
            step.scene.case.stale = True

    def _beside(self, day: date) -> None:
        """What leaders set up once the first days are over, and what groups do that have no matter of their own."""
        if day == self.plan.first + SECOND_WEEK:
            teaming.set_up(self.cast)
            keeping.keep(self.cast)
        teaming.work(self.cast)

    # --- what is there --------------------------------------------------------------------------------------------
    def _seer(self, fate: Fate, officer: Actor) -> Actor:
        if "confidential" not in fate.turns:
            return self.county_director
        return self.cast.director(window(self.cast, fate).id) or officer

    def _seers(self) -> Iterator[tuple[Actor, bool]]:
        """Those by whose eyes all open matters are seen: the county's director, and for what is restricted
        the directors of the other centres."""
        yield self.county_director, False
        for centre in self.cast.lower_centres:
            director = self.cast.director(centre.id)
            if director is not None:
                yield director, True

    def _open_cases(self, day_began: datetime | None) -> list[Case]:
        found: dict[int, Case] = {}
        for seer, restricted in self._seers():
            for matter in open_matters(seer, restricted=restricted):
                seed, _, number = matter.source_number.partition("-")
                if seed == str(self.plan.seed):
                    found.setdefault(int(number), Case(self.fate(int(number)), matter, seer))
        cases = list(found.values())
        fill(cases, day_began=day_began)
        return cases

    def _numbers(self) -> Iterator[int]:
        known = Matter.objects.filter(county=COUNTY, source=SOURCE)
        for said in known.values_list("source_number", flat=True):
            seed, _, number = said.partition("-")
            if seed == str(self.plan.seed):
                yield int(number)

    def _matters_there(self) -> int:
        with scope(self.county_director):
            return sum(1 for _ in self._numbers())

    def last_day_begun(self) -> date | None:
        with scope(self.county_director):
            last = max(self._numbers(), default=None)
        return None if last is None else day_of(last)


@contextmanager
def _relaxed_commits() -> Iterator[None]:
    """A day that the machine loses in a power cut is played again: its commits need not wait for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    except BaseException:
        # Broken off in the middle of a statement, the connection can no longer be spoken to.
        connection.close()
        raise
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


@contextmanager
def _quick_hashes() -> Iterator[None]:
    """The demo's password is no secret, and a hundred slow hashes of it would delay the first page by a minute.

    The first sign-in of each person makes their hash a slow one.
    """
    hasher = get_hasher()
    if not isinstance(hasher, PBKDF2PasswordHasher):
        yield
        return
    slow = hasher.iterations
    hasher.iterations = 1_000
    try:
        yield
    finally:
        hasher.iterations = slow
