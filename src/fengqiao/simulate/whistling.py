"""Whistles: a call to come now, answered in minutes, with or without a matter."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import scoring, whistling
from fengqiao.dispatch.domain.whistling import NewWhistle
from fengqiao.dispatch.enums import CallState, WhistlePlace
from fengqiao.dispatch.models import Call, CallScore, Whistle
from fengqiao.kernel import clock
from fengqiao.places.models import Department
from fengqiao.simulate.cases import Case
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.days import SATURDAY, at, office_hours
from fengqiao.simulate.fates import Fate
from fengqiao.simulate.turns import Turn

DATA = Path(__file__).parent / "whistles.toml"
LAST_CALL = 20 * 60 + 15
CALLERS = (Role.DUTY_COMMANDER, Role.DISPATCHER, Role.REGISTRAR, Role.DIRECTOR)
SCORE_WORDS = {
    5: ("很快就到，当场把人劝住，问题说清楚了。", "接哨就动身，带着材料来，一次办好。"),
    4: ("到得及时，处置得当，后续也说明了。", "按时到场，和窗口配合得好。"),
    3: ("到了场，问题只解决了一半。", "来得不快，处置还算稳妥。"),
    2: ("到得晚，来访人等得着急，处置草率。", "催了两次才到，没有带需要的材料。"),
    1: ("到场只说不归他们管，没有处置。", "拖了很久，来了就走。"),
}
AMENDED = "复核后修改：后来补办了手续，也向来访人作了说明。"
STOOD_DOWN_REASON = "来访人已先离开，改约明天上午，不必再来。"


@dataclass
class Scene:
    """One whistle with the minutes of everyone that it calls."""

    caller: Actor
    bodies: tuple[Department, ...]
    place_kind: WhistlePlace
    place: str
    division: str
    message: str
    results: tuple[str, ...]
    starts: datetime
    rng: str
    case: Case | None = None
    # One that runs when the play ends: nobody has come to the end of it.
    closing: bool = False
    calls: dict[UUID, UUID] = field(default_factory=dict)
    # How often each body was scored, where an earlier run has done so.
    scored: Counter[UUID] = field(default_factory=Counter)

    def steps(self, cast: Cast) -> Iterator[tuple[datetime, Step | Score]]:
        """The call, and each body's way through it, with the moments at which they happen."""
        start = self.starts
        yield start, Step(self, None, CallState.CALLED, self.caller)
        for place, body in enumerate(self.bodies):
            rng = Random(f"{self.rng}|{place}")  # noqa: S311  a play, not a secret
            handler = cast.handler(body.id)
            if handler is None:
                continue
            leaves = start + timedelta(minutes=rng.randint(1, 9), seconds=rng.randint(0, 59))
            comes = leaves + timedelta(minutes=rng.randint(6, 38), seconds=rng.randint(0, 59))
            if rng.random() < 0.07 and place and not self.closing:
                yield leaves, Step(self, body, CallState.STOOD_DOWN, self.caller)
                continue
            if rng.random() < 0.85:
                yield leaves, Step(self, body, CallState.ON_THE_WAY, handler)
            yield comes, Step(self, body, CallState.THERE, handler)
            done = comes + timedelta(minutes=rng.randint(40 if self.closing else 12, 95))
            yield done, Step(self, body, CallState.DONE, handler)
            if not self.closing and not body.is_independent:
                yield from self._scores(body, rng, minutes=(comes - start).total_seconds() / 60, done=done)

    def _scores(
        self, body: Department, rng: Random, *, minutes: float, done: datetime
    ) -> Iterator[tuple[datetime, Score]]:
        """Most callers say soon after what they think of the answer; a few think better of it."""
        chance, again = rng.random(), rng.random()
        value = 5 if minutes < 20 else 4 if minutes < 32 else 3
        value -= rng.choice((0, 0, 0, 0, 0, 1, 1, 2))
        moment = done + timedelta(minutes=rng.randint(5, 90), seconds=rng.randint(0, 59))
        if chance < 0.75:
            yield moment, Score(self, body, max(value, 1), place=0)
            if again < 0.1:
                yield moment + timedelta(minutes=rng.randint(10, 60)), Score(self, body, 3, place=1)

    def recall(self) -> dict[UUID, CallState]:
        """What an earlier run has played of it: the calls by body. Their whistle says when it began."""
        with scope(self.caller):
            known = Whistle.objects.filter(county=self.caller.county, message=self.message)
            if self.case is not None:
                known = known.filter(matter_id=self.case.matter.id)
            elif self.closing:
                # Called some minutes before the end of another run of the same day.
                known = known.filter(matter__isnull=True, called_at__gte=at(_day(self.starts), 0))
            else:
                known = known.filter(matter__isnull=True, called_at=self.starts)
            whistle = known.first()
            if whistle is None:
                return {}
            self.starts = whistle.called_at
            calls = list(Call.objects.filter(whistle_id=whistle.id))
            given = CallScore.objects.filter(call__whistle_id=whistle.id).values_list("call__department_id")
            self.scored = Counter(department for (department,) in given)
        self.calls = {call.department_id: call.id for call in calls}
        return {call.department_id: CallState(call.state) for call in calls}


@dataclass(frozen=True)
class Step:
    """One moment of a scene: the call, or what one of the bodies answers."""

    scene: Scene
    body: Department | None
    to: CallState
    actor: Actor

    def is_done(self, states: dict[UUID, CallState]) -> bool:
        """Whether an earlier run has played this step, or the call has gone another way."""
        if self.body is None:
            return bool(states)
        state = states.get(self.body.id)
        return state is not None and not _comes_after(state, self.to)

    def turn(self) -> Turn | None:
        """What is to do; None where the whistle was refused."""
        if self.body is None:
            return Turn(self.actor, "whistle.call", self._blow)
        call_id = self.scene.calls.get(self.body.id)
        if call_id is None:
            return None
        rng = Random(f"{self.scene.rng}|{self.body.name}|result")  # noqa: S311  a play, not a secret
        result = rng.choice(self.scene.results) if self.to is CallState.DONE else ""
        if self.to is CallState.STOOD_DOWN:
            result = STOOD_DOWN_REASON
        return Turn(
            self.actor,
            f"whistle.{self.to}",
            lambda a: whistling.answer(actor=a, call_id=call_id, to=self.to, result=result),
        )

    def _blow(self, actor: Actor) -> Whistle:
        scene = self.scene
        new = NewWhistle(
            departments=[body.id for body in scene.bodies],
            place_kind=scene.place_kind,
            place=scene.place,
            message=scene.message,
            matter_id=scene.case.matter.id if scene.case else None,
            division=scene.division,
        )
        whistle = whistling.whistle(actor=actor, new=new)
        scene.calls = dict(
            Call.objects.filter(whistle_id=whistle.id).values_list("department_id", "id").order_by()
        )
        return whistle


def _comes_after(state: CallState, to: CallState) -> bool:
    """Whether a call can still come there: killed right after the call, its end is to be played too."""
    return any(each == to or _comes_after(each, to) for each in whistling.NEXT[state])


def for_matter(cast: Cast, case: Case, registered_at: datetime) -> Scene | None:
    """The whistle of a matter that has one in its fate, soon after it was registered."""
    fate, rng = case.fate, case.fate.rng("whistle")
    if "whistle" not in fate.turns or case.readers is not None:
        return None
    caller = cast.someone(case.matter.centre_id, CALLERS, rng)
    fit = [s for s in _scenes()["matter"] if "court" not in s["bodies"] or fate.path == "mediated"]
    if fate.story.danger in ("violence", "domestic_violence"):
        fit = [s for s in fit if "police" in s["bodies"]]
    said = rng.choice(fit)
    own = fate.story.departments[:2] or ("territory",)
    kinds = [kind for k in said["bodies"] for kind in (own if k == "own" else (k,))]
    bodies = _bodies(cast, kinds, fate.division)
    if caller is None or not bodies:
        return None
    starts = registered_at + timedelta(minutes=rng.randint(3, 16), seconds=rng.randint(0, 59))
    if starts >= at(_day(starts), LAST_CALL):
        # Nobody could see it through before the day that is played ends.
        return None
    return _scene(said, caller, bodies, fate.division, starts, f"{fate.seed}|{fate.number}", case)


def of_day(cast: Cast, seed: int, day: date) -> list[Scene]:
    """The whistles of a day that no matter stands behind."""
    rng = Random(f"{seed}|{day}|whistles")  # noqa: S311  a play, not a secret
    often = (0, 0, 1) if day.weekday() >= SATURDAY else (0, 1, 1, 2)
    found = []
    for each in range(rng.choice(often)):
        said = rng.choice(_scenes()["alone"])
        scene = _somewhere(cast, said, office_hours(day, rng), f"{seed}|{day}|{each}", rng)
        found += [scene] if scene else []
    return found


@dataclass(frozen=True)
class Score:
    """What the caller thinks of a body's answer; ``place`` 0 is the first score, 1 the amended one."""

    scene: Scene
    body: Department
    value: int
    place: int

    def is_done(self, states: dict[UUID, CallState]) -> bool:
        """Whether an earlier run has played it."""
        return self.scene.scored[self.body.id] > self.place

    def turn(self) -> Turn | None:
        """The score; none where the call was refused or nothing would be amended."""
        call_id = self.scene.calls.get(self.body.id)
        if call_id is None:
            return None
        rng = Random(f"{self.scene.rng}|{self.body.name}|score{self.place}")  # noqa: S311  a play
        reason = AMENDED if self.place else rng.choice(SCORE_WORDS[self.value])
        return Turn(
            self.scene.caller,
            "whistle.score",
            lambda a: scoring.score_call(actor=a, call_id=call_id, score=self.value, reason=reason),
        )


def at_the_end(cast: Cast, seed: int, now: datetime) -> list[Scene]:
    """Whistles that are running when the play ends: called some minutes before, not yet done."""
    found = []
    for each, said in enumerate(_scenes()["closing"]):
        rng = Random(f"{seed}|{now.date()}|closing|{each}")  # noqa: S311  a play, not a secret
        starts = now - timedelta(minutes=said["called"], seconds=rng.randint(0, 40))
        scene = _somewhere(cast, said, starts, f"{seed}|{now.date()}|closing|{each}", rng, closing=True)
        found += [scene] if scene else []
    return found


def _somewhere(
    cast: Cast, said: dict[str, Any], starts: datetime, key: str, rng: Random, *, closing: bool = False
) -> Scene | None:
    village = cast.villages[rng.randrange(len(cast.villages))][0].code
    caller = cast.someone(cast.county_centre.id, CALLERS, rng)
    bodies = _bodies(cast, said["bodies"], village)
    if caller is None or not bodies:
        return None
    return _scene(said, caller, bodies, village, starts, key, None, closing=closing)


def _scene(
    said: dict[str, Any],
    caller: Actor,
    bodies: tuple[Department, ...],
    division: str,
    starts: datetime,
    key: str,
    case: Case | None,
    *,
    closing: bool = False,
) -> Scene:
    fate: Fate | None = case.fate if case else None
    who = {"petitioner": ("来访人" if fate.shielded else fate.names[0]) if fate else "来访人"}
    return Scene(
        caller=caller,
        bodies=bodies,
        place_kind=WhistlePlace(said["place_kind"]),
        place=said["place"],
        division=division,
        message=said["message"].format_map(who),
        results=tuple(result.format_map(who) for result in said["results"]),
        starts=starts,
        rng=key,
        case=case,
        closing=closing,
    )


def _bodies(cast: Cast, kinds: list[str], village: str) -> tuple[Department, ...]:
    found = [cast.department(kind, village) for kind in kinds]
    return tuple(dict.fromkeys(d for d in found if d is not None))


@lru_cache(maxsize=1)
def _scenes() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()
