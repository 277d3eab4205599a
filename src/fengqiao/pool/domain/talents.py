"""The talent pool: who is listed with their consent, and who of it helps in a mediation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.kernel import clock, crypto, identity
from fengqiao.kernel.codes import county_of
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import note
from fengqiao.matters.models import Recusal
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.people import add_helper
from fengqiao.mediation.domain.running import begun
from fengqiao.mediation.enums import HelperKind, MediationAction
from fengqiao.mediators.enums import Language
from fengqiao.places.models import Centre, Stationing
from fengqiao.places.queries.divisions import in_force
from fengqiao.pool.enums import Profession, Reply
from fengqiao.pool.models import Asked, Talent
from fengqiao.pool.policies import check_may_keep, check_may_read
from fengqiao.rules.queries.key_fields import key_fields_on

FIELD = "telephone"
DIALLED = re.compile(r"\+?[0-9]{5,17}")
MOST = {"name": 64, "origin": 100, "certificate": 200}


@dataclass(frozen=True)
class NewTalent:
    """Somebody to be listed. ``agreed_on``: the day of their consent; ``valid_until``: how far it goes."""

    name: str
    profession: Profession
    origin: str
    fields: list[str]
    agreed_on: date
    valid_until: date
    languages: list[str] = field(default_factory=list)
    certificate: str = ""
    telephone: str = ""
    person_id: UUID | None = None


def list_talent(*, actor: Actor, new: NewTalent) -> Talent:
    """A leader lists somebody for the county, with their consent and until when it holds.

    Raises ``Invalid`` for each field that is wrong: a consent of a day to come, no field, an unknown code.
    """
    check_may_keep(actor, actor.centre_id)
    assert actor.centre_id is not None  # noqa: S101  said above
    centre = Centre.objects.get(pk=actor.centre_id)
    digits = identity.normalise_phone(new.telephone)
    errors = _wrong(new, centre, digits)
    if errors:
        raise Invalid(errors)
    talent = Talent(
        county=county_of(centre.division_id),
        centre=centre,
        person_id=new.person_id,
        name=new.name.strip(),
        profession=new.profession,
        origin=new.origin.strip(),
        certificate=new.certificate.strip(),
        fields=[each.id for each in key_fields_on(clock.today()) if each.id in new.fields],
        languages=[each for each in Language.values if each in new.languages],
        agreed_on=new.agreed_on,
        valid_until=new.valid_until,
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    if digits:
        talent.telephone = crypto.protect(
            crypto.Keyring.load(settings.KEYRING),
            county=talent.county,
            row=str(talent.pk),
            field=FIELD,
            value=digits,
        )
    talent.save(force_insert=True)
    _record(actor, talent, "talent.list", until=talent.valid_until)
    return talent


def end_talent(*, actor: Actor, talent_id: UUID, last: date) -> Talent:
    """The last day in the pool: earlier than agreed, because they take their consent back or cannot any more."""
    check_may_read(actor)
    talent = Talent.objects.select_for_update(of=("self",)).filter(pk=talent_id, county=actor.county).first()
    if talent is None:
        raise NotAllowed("talent_not_found", _("人才库里没有这个人。"))
    check_may_keep(actor, talent.centre_id)
    if not talent.agreed_on <= last <= talent.valid_until:
        raise Invalid({"last": _("最后一天要在同意的期间之内。")})
    talent.valid_until = last
    talent.save(update_fields=["valid_until"])
    _record(actor, talent, "talent.end", until=last)
    return talent


def telephone_of(*, actor: Actor, talent_id: UUID, why: str) -> str:
    """The whole number, for whoever works at a centre of the county; the reason is audited before it is shown."""
    check_may_read(actor)
    talent = Talent.objects.filter(pk=talent_id, county=actor.county, valid_until__gte=clock.today()).first()
    if talent is None or talent.telephone is None:
        raise Refusal("no_telephone", _("没有登记电话。"))
    if len(why.strip()) < 2:
        raise Invalid({"why": _("请写明为什么要看。")})
    _record(actor, talent, "talent.show_telephone", why=why.strip()[:200])
    return _revealed(talent)


def masked_telephone(talent: Talent) -> str:
    """What the screen shows: the first three digits and the last two."""
    return identity.masked(_revealed(talent), head=3, tail=2) if talent.telephone else ""


def ask_help(
    *, actor: Actor, matter_id: UUID, talent_id: UUID, what: str, version: int | None = None
) -> Asked:
    """Somebody of the pool is asked to help in the running mediation.

    Refused: somebody who stepped aside in the matter (``stepped_aside``) or is asked already (``asked_already``).
    """
    matter, running = begun(actor, matter_id, version, MediationAction.ASK_HELP)
    today = clock.today()
    talent = Talent.objects.filter(
        pk=talent_id, county=matter.county, agreed_on__lte=today, valid_until__gte=today
    ).first()
    if talent is None:
        raise Invalid({"talent_id": _("请选择人才库里的人。")})
    if len(what.strip()) < 2:
        raise Invalid({"what": _("请写明请他做什么。")})
    if talent.person_id and Recusal.objects.filter(matter_id=matter.pk, person_id=talent.person_id).exists():
        raise Refusal("stepped_aside", _("这个人已在本事项中回避。"), field="talent_id")
    if Asked.objects.filter(mediation=running, talent=talent).exclude(reply=Reply.DECLINED).exists():
        raise Refusal("asked_already", _("已经请过这个人。"), field="talent_id")
    asked = Asked.objects.create(
        **of(matter),
        mediation=running,
        talent=talent,
        what=what.strip()[:500],
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.ASK_HELP}",
        parameters={"talent": str(talent.pk)},
    )
    return asked


def answer_help(
    *,
    actor: Actor,
    matter_id: UUID,
    asked_id: UUID,
    reply: Reply,
    reason: str = "",
    version: int | None = None,
) -> Asked:
    """Writes down what they answered; a yes makes them an assistant of the mediation, a no says why."""
    matter, running = begun(actor, matter_id, version, MediationAction.ANSWER_HELP)
    asked = Asked.objects.filter(mediation=running, pk=asked_id, reply="").select_related("talent").first()
    if asked is None:
        raise Invalid({"asked_id": _("请选择等待答复的人。")})
    if reply == Reply.DECLINED and len(reason.strip()) < 2:
        raise Invalid({"reason": _("请写明不能来的原因。")})
    asked.reply, asked.reason, asked.replied_at = reply, reason.strip()[:500], clock.now()
    asked.save(update_fields=["reply", "reason", "replied_at"])
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.ANSWER_HELP}",
        parameters={"talent": str(asked.talent_id), "reply": reply},
    )
    if reply == Reply.AGREED:
        add_helper(actor=actor, matter_id=matter_id, kind=HelperKind.ASSISTANT, name=asked.talent.name)
    return asked


def _wrong(new: NewTalent, centre: Centre, digits: str) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    for name, most in MOST.items():
        if len(getattr(new, name).strip()) > most:
            errors[name] = _("最多 %(n)d 个字。") % {"n": most}
    if len(new.name.strip()) < 2:
        errors["name"] = _("请写明姓名。")
    if len(new.origin.strip()) < 2:
        errors["origin"] = _("请写明来自哪个单位或者哪个村居。")
    if new.profession not in Profession.values:
        errors["profession"] = _("请选择职业。")
    if not new.fields or set(new.fields) - {each.id for each in key_fields_on(clock.today())}:
        errors["fields"] = _("请选择重点领域。")
    if set(new.languages) - set(Language.values):
        errors["languages"] = _("没有这种语言。")
    if new.telephone.strip() and not DIALLED.fullmatch(digits):
        errors["telephone"] = _("电话号码不对：请填写 5 至 17 位数字，境外号码以 + 开头。")
    if new.agreed_on > clock.today():
        errors["agreed_on"] = _("没有本人同意不能登记，同意的日期不能在今天以后。")
    if new.valid_until < max(new.agreed_on, clock.today()):
        errors["valid_until"] = _("期满的日期已经过去。")
    if new.person_id and not _works_in(centre, new.person_id):
        errors["person_id"] = _("没有这个人。")
    return errors


def _works_in(centre: Centre, person_id: UUID) -> bool:
    county = county_of(centre.division_id)
    held = Stationing.objects.filter(in_force(clock.today()), person_id=person_id).select_related("post")
    return any(county_of(each.post.division_id) == county for each in held)


def _revealed(talent: Talent) -> str:
    return crypto.reveal(
        crypto.Keyring.load(settings.KEYRING),
        county=talent.county,
        row=str(talent.pk),
        field=FIELD,
        protected=bytes(talent.telephone or b""),
    )


def _record(actor: Actor, talent: Talent, verb: str, **details: Any) -> None:
    record(actor=actor, verb=verb, subject=f"talent:{talent.pk}", county=talent.county, details=details)
