"""抽查: drawing closed files of a centre from a seed, holding each against the checklist, mending what was found."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import State, WordKind
from fengqiao.matters.models import HistoryEvent, Matter
from fengqiao.matters.models.base import of
from fengqiao.reviews.enums import Answer, SampleAction
from fengqiao.reviews.models import CheckedItem, Sample, SampledFile
from fengqiao.reviews.policies import MENDERS, SAMPLERS, may_draw, samples_visible_to
from fengqiao.reviews.queries.sampling import closed_files
from fengqiao.rules.queries.checklist import Item, items_for

MOST = 100


@dataclass(frozen=True)
class Said:
    """What was found about one question."""

    answer: str
    remark: str = ""
    mend_by: date | None = None


def draw(*, actor: Actor, first: date, last: date, wanted: int, seed: str = "") -> Sample:
    """抽取: ``wanted`` files that the centre closed from ``first`` to ``last``; the seed is made here and kept.

    The same seed over the same files draws the same: they are ordered by a digest of the seed and their code.
    Refused: ``nothing_closed`` where there are none. Restricted files stay where they are.
    """
    if not may_draw(actor) or actor.centre_id is None:
        raise NotAllowed("post_may_not_draw", _("抽查由中心负责人抽取。"))
    if last < first:
        raise Invalid({"last": _("结束日期早于开始日期。")})
    if not 1 <= wanted <= MOST:
        raise Invalid({"wanted": _("一次抽 1 到 100 件。")})
    files = {each.code: each for each in closed_files(actor.centre_id, actor.counties, first, last)}
    if not files:
        raise Refusal("nothing_closed", _("这段时间本中心没有结案的普通事项。"))
    seed = seed or secrets.token_hex(8)
    sample = Sample.objects.create(
        county=actor.county,
        centre_id=actor.centre_id,
        first=first,
        last=last,
        wanted=wanted,
        seed=seed,
        population=len(files),
        digest=digest_of(files),
        drawn_by_id=actor.person_id,
        drawn_at=clock.now(),
    )
    SampledFile.objects.bulk_create(
        [
            SampledFile(**of(files[code]), sample=sample, place=place)
            for place, code in enumerate(drawn(seed, files, wanted), 1)
        ]
    )
    return sample


def drawn(seed: str, codes: Mapping[str, Matter] | Sequence[str], wanted: int) -> list[str]:
    """The codes that a seed draws out of these, in order: a function of its arguments and of nothing else."""
    return sorted(codes, key=lambda code: hashlib.sha256(f"{seed}/{code}".encode()).digest())[:wanted]


def digest_of(codes: Mapping[str, Matter] | Sequence[str]) -> str:
    """Which files there were, in one name."""
    return hashlib.sha256("\n".join(sorted(codes)).encode()).hexdigest()


def check(
    *, actor: Actor, file_id: UUID, answers: Mapping[str, Said], version: int | None = None
) -> SampledFile:
    """检查: answers every question about one file; never by who closed the matter.

    A "no" says what is wrong and until which day it is mended. Refused: ``own_closing``, ``checked_already``.
    """
    if actor.role not in SAMPLERS:
        raise NotAllowed(
            "post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": SampleAction.CHECK.label}
        )
    matter, file = _opened(actor, file_id, version)
    if _closed_it(actor, matter):
        raise NotAllowed("own_closing", _("这件事项由您结案，请由他人检查。"))
    if file.checked_at is not None:
        raise Refusal("checked_already", _("这一卷已经检查过。"))
    items = items_for(matter.outcome, clock.today())
    found = [_checked(matter, file, item, answers.get(item.id)) for item in items]
    file.checked_by_id, file.checked_at = actor.person_id, clock.now()
    file.save(update_fields=["checked_by", "checked_at"])
    CheckedItem.objects.bulk_create(found)
    wrong = [each.item for each in found if each.answer == Answer.NO]
    _write(actor, matter, file, SampleAction.CHECK, {"wrong": wrong, "asked": len(found)}, {})
    return file


def mend(*, actor: Actor, item_id: UUID, text: str, version: int | None = None) -> CheckedItem:
    """整改: the centre says how it put right what a check found."""
    text = needed("text", text, _("请写明怎样整改的。"), shortest=4)
    file_id = CheckedItem.objects.filter(pk=item_id).values_list("file_id", flat=True).first()
    if actor.role not in MENDERS or file_id is None:
        raise NotAllowed(
            "post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": SampleAction.MEND.label}
        )
    matter, file = _opened(actor, file_id, version)
    item = CheckedItem.objects.select_for_update(of=("self",)).get(pk=item_id)
    if item.answer != Answer.NO or item.mended_at is not None:
        raise Refusal("nothing_to_mend", _("这一项没有等待整改的问题。"))
    item.mended, item.mended_by_id, item.mended_at = text, actor.person_id, clock.now()
    item.save(update_fields=["mended", "mended_by", "mended_at"])
    _write(actor, matter, file, SampleAction.MEND, {"item": item.item}, {WordKind.SUMMARY: text})
    return item


def _checked(matter: Matter, file: SampledFile, item: Item, said: Said | None) -> CheckedItem:
    if said is None or said.answer not in Answer.values:
        raise Invalid({item.id: _("请逐项作答。")})
    remark = allowed(item.id, said.remark)
    if said.answer == Answer.NO and (len(remark) < 2 or said.mend_by is None):
        raise Invalid({item.id: _("不符合的，请写明问题和整改期限。")})
    if said.answer == Answer.NO and said.mend_by is not None and said.mend_by < clock.today():
        raise Invalid({item.id: _("整改期限不能早于今天。")})
    return CheckedItem(
        **of(matter),
        file=file,
        item=item.id,
        item_version=item.version,
        answer=said.answer,
        remark=remark,
        mend_by=said.mend_by if said.answer == Answer.NO else None,
    )


def _opened(actor: Actor, file_id: UUID, version: int | None) -> tuple[Matter, SampledFile]:
    known = (
        SampledFile.objects.filter(pk=file_id, sample__in=samples_visible_to(actor))
        .values_list("matter_id", flat=True)
        .first()
    )
    if known is None:
        raise NotAllowed("sampled_not_found", _("抽查中没有这一卷，或您的岗位看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    return matter, SampledFile.objects.select_for_update(of=("self",)).get(pk=file_id)


def _closed_it(actor: Actor, matter: Matter) -> bool:
    closings = HistoryEvent.objects.filter(matter_id=matter.pk, type="matter.close")
    return closings.filter(person_id=actor.person_id).exists()


def _write(
    actor: Actor,
    matter: Matter,
    file: SampledFile,
    action: SampleAction,
    parameters: Mapping[str, object],
    words: Mapping[WordKind, str],
) -> None:
    note(
        matter,
        actor=actor,
        type=f"sample.{action}",
        parameters={"sample": file.sample_id, "file": file.pk, **parameters},
        words=words,
        # A closed file is looked at as it lies: also when it is in the archive.
        raises_version=matter.state != State.ARCHIVED,
    )
