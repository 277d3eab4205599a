"""Disposal (鉴定销毁) of dossiers whose time is over: listed by one, approved by another, the record of it stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.dossier.enums import BatchState, ItemState, VolumeState
from fengqiao.dossier.models import (
    DisposalBatch,
    DisposalItem,
    DisposalNumber,
    ScanPage,
    ScanSource,
    SignedPage,
    Volume,
)
from fengqiao.dossier.policies import check_may_list_for_disposal, may_decide_disposal
from fengqiao.dossier.queries.disposal import batch_by_id
from fengqiao.files.domain.sweeping import let_go
from fengqiao.files.models import StoredFile
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.domain.numbering import next_number
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Restriction, State
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of

MOST = 200
# Which of these matters are under review: asked of the room that knows, when they are locked.
UnderReview = Callable[[Collection[UUID]], set[UUID]]


def propose(
    *, actor: Actor, volumes: Sequence[UUID], grounds: str, under_review: UnderReview
) -> DisposalBatch:
    """Puts dossiers whose time is over on one list, to be decided on by a leader of the centre.

    Refused as a whole where one of them may not go: before its time, restricted or sealed, not in the archive,
    under review, listed already, disposed of already.
    """
    check_may_list_for_disposal(actor)
    grounds = needed("grounds", grounds, _("请写明鉴定意见：为什么可以销毁。"), shortest=4)
    wanted = sorted(set(volumes))
    if not wanted or len(wanted) > MOST:
        raise Invalid({"volumes": _("请选择要销毁的卷宗，一次最多二百卷。")})
    found = {each.pk: each for each in Volume.objects.filter(pk__in=wanted)}
    matters = _locked(actor, [each.matter_id for each in found.values()])
    if len(found) != len(wanted) or any(each.matter_id not in matters for each in found.values()):
        raise NotAllowed("volume_not_found", _("没有这份卷宗，或您的岗位不能打开它。"))
    reviewed = under_review(list(matters))
    for volume in found.values():
        matter = matters[volume.matter_id]
        barred = bar_of(actor, matter, volume, reviewed)
        if not barred and volume.disposals.filter(batch__state=BatchState.PROPOSED).exists():
            barred = str(_("已经在另一份待审批的清册里"))
        if barred:
            message = _("%(code)s 不能销毁：%(why)s。") % {"code": matter.code, "why": barred}
            raise Refusal("not_to_dispose", message, field="volumes")
    assert actor.centre_id is not None  # noqa: S101  whoever may list acts at a centre
    year = clock.today().year
    batch = DisposalBatch.objects.create(
        county=actor.county,
        centre_id=actor.centre_id,
        year=year,
        number=next_number(DisposalNumber, county=actor.county, year=year),
        grounds=grounds,
        proposed_by_id=actor.person_id,
        proposed_at=clock.now(),
    )
    for volume in found.values():
        DisposalItem.objects.create(
            **of(matters[volume.matter_id]),
            batch=batch,
            volume=volume,
            pages=volume.pages,
            digest=volume.digest,
            keep_until=volume.keep_until or clock.today(),
        )
    _tell(actor, batch, "dossier.list_for_disposal", number=len(found))
    return batch


def decide(
    *, actor: Actor, batch_id: UUID, approved: bool, decision: str, under_review: UnderReview
) -> DisposalBatch:
    """Approves or refuses a batch. Approved, the files of each dossier go at once; rows, digests and list stay.

    Each line is looked at again: what may not go any more is left, with the reason.
    """
    check_may_list_for_disposal(actor)
    batch = batch_by_id(actor, batch_id)
    if not may_decide_disposal(actor, batch):
        raise NotAllowed("disposal_by_another", _("销毁清册由中心主任或常务副主任审批，不能是提出人自己。"))
    decision = needed("decision", decision, _("请写明审批意见。"))
    items = list(batch.items.filter(state=ItemState.LISTED).select_related("volume"))
    matters = _locked(actor, [each.matter_id for each in items])
    # Under the locks of its matters: of two who decide at once, the second finds it decided.
    decided = DisposalBatch.objects.filter(pk=batch.pk, state=BatchState.PROPOSED).update(
        state=BatchState.APPROVED if approved else BatchState.REFUSED,
        decision=decision,
        decided_by_id=actor.person_id,
        decided_at=clock.now(),
    )
    if not decided:
        raise Refusal("decided_already", _("这份清册已经审批过。"))
    reviewed = under_review(list(matters))
    for item in items:
        matter = matters.get(item.matter_id)
        if not approved:
            _close(item, ItemState.LEFT, str(_("清册没有批准")))
        elif matter is None:
            _close(item, ItemState.LEFT, str(_("审批人看不到这件事项")))
        elif barred := bar_of(actor, matter, item.volume, reviewed):
            _close(item, ItemState.LEFT, str(barred))
        else:
            _dispose(actor, matter, item)
    _tell(actor, batch, "dossier.decide_disposal", approved=approved, number=len(items))
    batch.refresh_from_db()
    return batch


def bar_of(actor: Actor, matter: Matter, volume: Volume, reviewed: Collection[UUID]) -> str:
    """Why a dossier may not be disposed of today; empty where it may."""
    if volume.disposed_at is not None:
        return str(_("已经销毁"))
    if not volume.is_final or volume.state != VolumeState.DONE or volume.keep_until is None:
        return str(_("不是归档定稿，或者永久保管"))
    if volume.keep_until >= clock.today():
        return str(_("保管期限到 %(day)s") % {"day": volume.keep_until.isoformat()})
    if matter.restriction != Restriction.OPEN:
        return str(_("事项限阅或者封存"))
    if matter.state != State.ARCHIVED or matter.holder_id != actor.centre_id:
        return str(_("事项不在本中心的档案里"))
    return str(_("事项正在评查")) if matter.pk in reviewed else ""


def _locked(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Matter]:
    """Those of the matters that the actor sees, locked in the order of their keys."""
    found = {}
    for key in sorted(set(ids)):
        try:
            found[key] = locked(actor=actor, matter_id=key)
        except NotAllowed:
            continue
    return found


def _dispose(actor: Actor, matter: Matter, item: DisposalItem) -> None:
    """Every binding of the matter loses its files: earlier ones hold the same papers. So do its signed copies."""
    volumes = Volume.objects.filter(matter_id=matter.pk)
    signed, scanned = (model.objects.filter(matter_id=matter.pk) for model in (SignedPage, ScanPage))
    handed_in = ScanSource.objects.filter(matter_id=matter.pk)
    held = [
        *volumes.values_list("file_id", "bundle_id"),
        *signed.values_list("file_id", "picture_id"),
        *scanned.values_list("file_id", "picture_id"),
        *handed_in.values_list("file_id"),
    ]
    kept = {key for row in held for key in row if key}
    volumes.update(file=None, bundle=None, disposed_at=clock.now())
    signed.update(file=None, picture=None)
    scanned.update(file=None, picture=None)
    handed_in.update(file=None)
    for stored in StoredFile.objects.filter(pk__in=kept):
        let_go(stored)
    _close(item, ItemState.DISPOSED)
    record(
        actor=actor,
        verb="dossier.disposed",
        subject=f"volume:{item.volume_id}",
        county=item.county,
        details={"matter": matter.pk, "batch": item.batch_id, "sm3": item.digest},
    )


def _close(item: DisposalItem, state: ItemState, reason: str = "") -> None:
    item.state, item.reason = state, reason
    item.save(update_fields=["state", "reason"])


def _tell(actor: Actor, batch: DisposalBatch, verb: str, **details: object) -> None:
    record(actor=actor, verb=verb, subject=f"batch:{batch.pk}", county=batch.county, details=details)
