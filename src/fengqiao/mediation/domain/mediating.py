"""Step two: mediate first, with each party's consent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.domain.accepting import check_performance_due
from fengqiao.matters.domain.move import move
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, Outcome, Performance, WordKind
from fengqiao.matters.events import Moved
from fengqiao.matters.models import Matter, Recusal
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.standing import check_all_stood_for
from fengqiao.mediation.enums import AGREED, ConsentMethod, Result
from fengqiao.mediation.models import Consent, Mediation
from fengqiao.places.models import Stationing
from fengqiao.places.queries.divisions import in_force


def send_to_mediation(
    *,
    actor: Actor,
    matter_id: UUID,
    consents: Mapping[UUID, bool],
    method: ConsentMethod = ConsentMethod.IN_PERSON,
    mediator_id: UUID | None = None,
    version: int | None = None,
) -> Mediation:
    """Begins a mediation. ``consents``: each party's recorded answer; one that is missing or a no refuses."""
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.SEND_TO_MEDIATION,
        version=version,
        parameters={
            "consents": {str(k): v for k, v in consents.items()},
            "method": method,
            "mediator": mediator_id,
        },
        facts={"consents": {str(k): v for k, v in consents.items()}},
    )
    begun = Mediation.objects.create(
        **of(matter), mediator_id=mediator_id, sent_by=actor.person_id, sent_at=clock.now()
    )
    Consent.objects.bulk_create(
        [
            Consent(
                **of(matter),
                mediation=begun,
                party_id=party,
                agreed=agreed,
                method=method,
                recorded_by=actor.person_id,
                recorded_at=clock.now(),
            )
            for party, agreed in consents.items()
        ]
    )
    return begun


def hand_over(
    *, actor: Actor, matter_id: UUID, mediator_id: UUID, reason: str, version: int | None = None
) -> Matter:
    """The running mediation goes to another mediator of the centre, who mediates it from now on."""
    reason = needed("reason", reason, _("请写明为什么移交。"))
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.HAND_OVER,
        version=version,
        parameters={"mediator": mediator_id},
        words={WordKind.REASON: reason},
    )
    running = Mediation.objects.filter(matter_id=matter_id, ended_at__isnull=True).first()
    if running is None:
        raise Refusal("no_mediation", _("没有正在进行的调解。"))
    if running.mediator_id == mediator_id:
        raise Refusal("has_it_already", _("本来就由这位调解员调解。"), field="mediator_id")
    at_the_centre = Stationing.objects.filter(
        in_force(clock.today()),
        person_id=mediator_id,
        post__centre_id=matter.holder_id,
        post__role=Role.MEDIATOR,
    )
    if not at_the_centre.exists():
        raise Refusal("no_mediator_here", _("这个人现在不是本中心的调解员。"), field="mediator_id")
    if Recusal.objects.filter(matter_id=matter_id, person_id=mediator_id).exists():
        raise Refusal("stepped_aside", _("这位调解员已在本事项中回避。"), field="mediator_id")
    running.mediator_id = mediator_id
    running.save(update_fields=["mediator"])
    return matter


def record_mediation(
    *,
    actor: Actor,
    matter_id: UUID,
    result: Result,
    text: str,
    performance_due: date | None = None,
    effective_on: date | None = None,
    version: int | None = None,
) -> Matter:
    """What came of it. An agreement settles the matter; anything else leads on to the assessment.

    ``effective_on``: the day on which an agreement took effect, where that was before today: the thirty days for
    judicial confirmation are counted from it.

    The agreement is the parties' own; the record of a failed one holds why, and that they were told of
    arbitration, administration and court (人民调解法 第26条).
    """
    text = needed("text", text, _("请写明协议内容，或调解不成的原因和已告知的途径。"), shortest=4)
    check_performance_due(performance_due)
    agreed = result in AGREED
    changes: dict[str, object] = {}
    if agreed:
        changes = {
            "outcome": Outcome.WRITTEN_AGREEMENT if result == Result.WRITTEN else Outcome.ORAL_AGREEMENT,
            "settled_at": clock.now(),
            "performance": Performance.RUNNING if performance_due else Performance.NONE,
            "performance_due": performance_due,
        }
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.RECORD_MEDIATION,
        branch="agreed" if agreed else "failed",
        version=version,
        changes=changes,
        parameters={"result": result} | ({"effective_on": effective_on.isoformat()} if effective_on else {}),
        words={WordKind.SUMMARY: text},
    )
    open_one = Mediation.objects.filter(matter_id=matter_id, ended_at__isnull=True).first()
    if open_one is None:
        raise Refusal("no_mediation", _("没有正在进行的调解。"))
    if agreed:
        check_all_stood_for(matter, open_one)
    open_one.mediator_id = open_one.mediator_id or actor.person_id
    open_one.result, open_one.text = result, text
    open_one.performance_due, open_one.ended_at = performance_due, clock.now()
    open_one.save(update_fields=["mediator", "result", "text", "performance_due", "ended_at"])
    return matter


def end_mediation(moved: Moved) -> None:
    """A matter that leaves mediation by another way (withdrawn, redirected) ends it (handler of ``Moved``)."""
    if moved.from_state != "mediating" or moved.to_state == "mediating":
        return
    if moved.action == Action.RECORD_MEDIATION:
        return
    withdrawn = moved.action == Action.WITHDRAW
    Mediation.objects.filter(matter_id=moved.matter_id, ended_at__isnull=True).update(
        ended_at=clock.now(), result=Result.WITHDRAWN if withdrawn else Result.NOT_FIT
    )
