"""Binding a matter's dossier: ordered at the desk or by the archive, written by a job, frozen with its digest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record, refused
from fengqiao.dossier.enums import UNFINISHED, VolumeState
from fengqiao.dossier.forms import PEOPLES
from fengqiao.dossier.marks import number_of
from fengqiao.dossier.models import Volume
from fengqiao.dossier.paper import Paper, day
from fengqiao.dossier.policies import check_may_bind
from fengqiao.dossier.queries.plan import Plan, plan_of
from fengqiao.dossier.queries.signed_copies import SignedCopy
from fengqiao.dossier.queries.templates import own_templates
from fengqiao.dossier.volume import Bound, Material, Section, Signed, bound
from fengqiao.files.domain.storing import content_of, store
from fengqiao.files.models import StoredFile
from fengqiao.kernel import clock
from fengqiao.kernel.crypto import Tampered, sm3
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.enums import Action, State
from fengqiao.matters.events import Moved
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.mediation.models import Mediation
from fengqiao.places.queries.acting import actor_of, stationings
from fengqiao.rules.queries.dossier import USUAL, retentions

SUFFIXES = {"application/pdf": "pdf", "image/png": "png"}
# One that nobody has gone on with for so long has to be ordered anew.
LOST_AFTER = timedelta(minutes=15)


def order(*, actor: Actor, matter_id: UUID, retention: str = USUAL) -> Volume:
    """Puts a binding into the queue. One in the archive is final and is made once.

    Raises ``NotAllowed``, ``Invalid`` (``retention``) and ``Refusal``: no mediation, one that is being made,
    one that is final.
    """
    check_may_bind(actor)
    if retention not in retentions():
        raise Invalid({"retention": _("请选择保管期限。")})
    matter = locked(actor=actor, matter_id=matter_id)
    if not Mediation.objects.filter(matter_id=matter.id).exists():
        raise Refusal("no_mediation", _("没有调解过的事项没有调解卷宗。"))
    there = Volume.objects.filter(matter_id=matter.id)
    if there.filter(is_final=True, state=VolumeState.DONE).exists():
        raise Refusal("dossier_final", _("卷宗已经随归档定稿，不再重新装订。"))
    if there.filter(state__in=UNFINISHED, touched_at__gt=clock.now() - LOST_AFTER).exists():
        raise Refusal("dossier_waits", _("这件事项的卷宗正在装订，请稍候。"))
    return _put_into_queue(actor, matter, retention)


def bind_with_archive(event: Moved) -> None:
    """What goes into the archive is bound for the last time, with the period that was chosen before."""
    if event.action != Action.ARCHIVE or event.actor.post_id is None:
        return
    if not Mediation.objects.filter(matter_id=event.matter_id).exists():
        return
    last = Volume.objects.filter(matter_id=event.matter_id).last()
    matter = Matter.objects.get(pk=event.matter_id)
    _put_into_queue(event.actor, matter, last.retention if last else USUAL)


def is_lost(volume: Volume) -> bool:
    """Whether nobody will go on with it: it has to be ordered anew."""
    return volume.is_unfinished and volume.touched_at < clock.now() - LOST_AFTER


def bind(*, volume_id: UUID, county: str, person_id: UUID) -> None:
    """Binds what was ordered; a second call of the same job begins anew, a finished one is let alone.

    The post is looked up again: one that has ended binds nothing.
    """
    reader = Actor(
        person_id=person_id, name="", role=Role.SYSTEM_ADMINISTRATOR, county=county, counties=(county,)
    )
    with scope(reader):
        volume = Volume.objects.filter(pk=volume_id, state__in=UNFINISHED).first()
    if volume is None:
        return
    try:
        _bind(volume, _post_of(volume))
    except Refusal as refusal:
        with scope(reader):
            _change(volume, state=VolumeState.REFUSED, reason=str(refusal), finished_at=clock.now())
        refused(reader, verb="dossier.bound", subject=f"volume:{volume.id}", refusal=refusal)


def _put_into_queue(actor: Actor, matter: Matter, retention: str) -> Volume:
    from fengqiao.dossier.tasks import bind_volume

    assert actor.post_id is not None  # noqa: S101  whoever may bind has a post
    now = clock.now()
    volume = Volume.objects.create(
        **of(matter),
        person_id=actor.person_id,
        post_id=actor.post_id,
        retention=retention,
        ordered_at=now,
        touched_at=now,
    )
    # Nobody waits for it as for a notice: what is urgent goes first.
    bind_volume.configure(priority=-10).defer(
        volume=str(volume.id), county=volume.county, person=str(volume.person_id)
    )
    return volume


def _post_of(volume: Volume) -> Actor:
    held = stationings(person_id=volume.person_id, on=clock.today()).filter(post_id=volume.post_id)
    stationing = held.filter(person__is_active=True).first()
    if stationing is None:
        raise NotAllowed("post_ended", _("装订时的岗位已经结束，没有装订。"))
    return actor_of(stationing)


@translation.override("zh-hans")
def _bind(volume: Volume, actor: Actor) -> None:
    with scope(actor):
        matter = Matter.objects.visible_to(actor).filter(pk=volume.matter_id).first()
        if matter is None:
            raise NotAllowed("matter_not_found", _("没有这件事项，或您的岗位看不到它。"))
        plan = plan_of(matter)
        own = own_templates(matter.county, clock.today())
        _change(volume, state=VolumeState.BINDING, parts=len(plan.entries), done=0)
    with tempfile.TemporaryDirectory(prefix="fengqiao-dossier-") as folder:
        made = bound(
            code=matter.code,
            kind=plan.facts.values["kind"],
            cover=_cover(plan, matter, actor, volume),
            sections=list(_sections(plan, matter)),
            folder=Path(folder),
            own=own,
            tell=lambda done: _tell(volume, actor, done),
        )
    # Whoever lost the post meanwhile gets no file.
    with scope(_post_of(volume)):
        _keep(volume, matter, actor, plan, made)


def _keep(volume: Volume, matter: Matter, actor: Actor, plan: Plan, made: Bound) -> None:
    now = locked(actor=actor, matter_id=matter.id)
    if now.version != matter.version:
        raise Refusal("stale", _("装订时事项有了变动，请重新装订。"))
    if not Volume.objects.filter(pk=volume.pk, state__in=UNFINISHED).exists():
        # A job that was taken for dead has finished it.
        return
    final = now.state == State.ARCHIVED
    name, digest = f"卷宗-{matter.code}", sm3(made.pdf).hex()
    archived = (now.archived_at or clock.now()).astimezone(clock.SHANGHAI).date()
    _change(
        volume,
        state=VolumeState.DONE,
        is_final=final,
        version=now.version,
        pages=made.pages,
        contents=made.contents,
        gaps=plan.gaps,
        digest=digest,
        file=store(county=volume.county, name=f"{name}.pdf", content=made.pdf, kind="application/pdf"),
        bundle=store(county=volume.county, name=f"{name}.zip", content=made.bundle, kind="application/zip"),
        keep_until=retentions()[volume.retention].last_day(archived) if final else None,
        finished_at=clock.now(),
    )
    record(
        actor=actor,
        verb="dossier.bound",
        subject=f"volume:{volume.id}",
        county=volume.county,
        details={"matter": matter.id, "final": final, "pages": made.pages, "sm3": digest},
    )


def _sections(plan: Plan, matter: Matter) -> Iterator[Section]:
    room, number = settings.ATTACHMENT_MAX_BYTES * 9 // 10, 0
    # What was signed is the dossier: it has its room before any material.
    signed: dict[str, dict[str, Signed]] = {}
    for entry in plan.entries:
        signed[entry.place.id] = {}
        for paper in entry.papers:
            if (copy := entry.signed.get(paper.form)) is not None:
                made = _signed(paper, copy, room)
                signed[entry.place.id][paper.form] = made
                room -= sum(len(page.content or b"") for page in made.pages)
    for entry in plan.entries:
        materials = []
        for file in entry.files:
            number += 1
            material = _material(file.file, file.name, f"{matter.code}-附{number}", room)
            room -= len(material.content or b"")
            materials.append(material)
        yield Section(
            entry.place.title,
            entry.papers,
            tuple(materials),
            entry.gap,
            signed[entry.place.id],
            entry.unsigned,
        )


def _signed(paper: Paper, copy: SignedCopy, room: int) -> Signed:
    """A whole copy stands for the sheet; one that lacks pages, or whose words were changed since, lies behind it."""
    remarks = ["签字件"]
    if copy.missing:
        remarks.append(f"缺第{'、'.join(map(str, copy.missing))}页")
    if not copy.is_of(paper):
        remarks.append("签后内容有变动")
    pages = []
    for page in copy.pages:
        kind = page.file.media_type if page.file else ""
        name = f"{paper.title}-第{page.page}页.{SUFFIXES.get(kind, 'jpg')}"
        material = _material(page.file, name, f"{number_of(paper)} 签字件第{page.page}页", room)
        room -= len(material.content or b"")
        pages.append(material)
    turns = tuple(page.turn for page in copy.pages)
    return Signed(tuple(pages), turns, "，".join(remarks), instead=len(remarks) == 1)


def _material(stored: StoredFile | None, name: str, number: str, room: int) -> Material:
    content, trouble = None, "超出一卷的容量"
    if stored is None:
        return Material(name, number, "", None, "已经销毁")
    if stored.size <= room:
        try:
            content = content_of(stored)
        except (Tampered, OSError):
            trouble = "磁盘上的文件读不出或被改动"
    return Material(name, number, stored.media_type, content, trouble)


def _cover(plan: Plan, matter: Matter, actor: Actor, volume: Volume) -> list[tuple[str, str]]:
    facts = plan.facts.values
    return [
        ("卷名", matter.title),
        ("卷号", matter.code),
        ("字号", f"（　　）{'人调' if facts['kind'] == PEOPLES else '　　'}字第　　　号"),
        ("当事人", "、".join(filter(None, (facts["petitioners"], facts["respondents"])))),
        ("调解组织", facts.get("organisation_name", "")),
        ("调解员", facts.get("mediator", "")),
        ("调解起止日期", facts.get("mediated", "")),
        ("立卷人", actor.name),
        ("立卷日期", day(volume.ordered_at)),
        ("保管期限", retentions()[volume.retention].title),
        ("备注", ""),
    ]


def _tell(volume: Volume, actor: Actor, done: int) -> None:
    with scope(actor):
        _change(volume, done=done)


def _change(volume: Volume, **values: Any) -> None:
    Volume.objects.filter(pk=volume.pk).update(touched_at=clock.now(), **values)
