"""Signing an agreement, and the moment at which it takes effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.domain import writing
from fengqiao.agreements.drawing import Drawn, check_drawn, drawn_digest, paper_digest
from fengqiao.agreements.effect import MARKS, effective_on
from fengqiao.agreements.enums import AgreementAction, AgreementState, Mark, Signer, TermKind, TermState, Way
from fengqiao.agreements.models import Agreement, Signature
from fengqiao.agreements.queries.agreements import current_terms, marks_of, mediated_by, parties_to_sign
from fengqiao.agreements.terms import NewTerm, check
from fengqiao.agreements.wording import ANONYMOUS, terms_in_words
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.domain.move import note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.domain.standing import check_mark_of
from fengqiao.mediation.enums import Result
from fengqiao.places.models import Centre


def sign(
    *,
    actor: Actor,
    agreement_id: UUID,
    signer: Signer,
    mark: Mark,
    on: date,
    parties: Sequence[UUID] = (),
    agent: UUID | None = None,
    name: str = "",
    drawn: Drawn | None = None,
    version: int | None = None,
) -> Agreement:
    """签署: writes down marks that stand on the paper. The last that is needed lets it take effect (第29条第2款).

    :param parties: who signed, where parties did; several at once where they signed on the same day.
    :param agent: the agent who signed for the one party.
    :param name: of the mediator who signed, or of the organisation whose seal it is.
    :param drawn: of one who signs on a tablet now.
    Refused: ``unchecked`` before the mediator's questions are answered, ``signed_twice``, ``not_the_agent``,
    ``other_words`` where something else was shown than what is signed.
    """
    matter, agreement = writing.opened_draft(actor, agreement_id, version)
    if agreement.checked_at is None:
        raise Refusal("unchecked", _("签署前请先核对不能约定的内容。"))
    _check_mark(signer, mark, on, agreement)
    if signer == Signer.PARTY:
        marks = _marks_of_parties(agreement, parties, agent)
        check_mark_of(
            actor=actor,
            matter=matter,
            mediation=agreement.mediation,
            parties=set(parties),
            in_person=agent is None,
        )
    else:
        called = needed("name", name, _WHO[signer])[:100]
        if signer == Signer.ORGANISATION and _is_a_centres(called, matter):
            raise Refusal(
                "centres_seal",
                _("综治中心的印章不能代替调解组织的印章（人民调解法第29条）。"),
                field="name",
            )
        marks = [(None, None, called)]
        if agreement.signatures.filter(signer=signer).exists():
            raise Refusal("signed_twice", _("已经签过了。"))
    digest = _digest_of(drawn, agreement, signer, mark, on, len(marks)) if drawn else ""
    Signature.objects.bulk_create(
        [
            Signature(
                **of(matter),
                agreement=agreement,
                signer=signer,
                party_id=party,
                agent_id=by,
                name=called,
                mark=mark,
                on=on,
                strokes=drawn.strokes if drawn else None,
                drawn_sm3=digest,
                recorded_by_id=actor.person_id,
                recorded_at=clock.now(),
            )
            for party, by, called in marks
        ]
    )
    note(
        matter,
        actor=actor,
        type=f"agreement.{AgreementAction.SIGN}",
        parameters={"agreement": agreement.pk, "signer": signer, "mark": mark, "on": on, "n": len(marks)}
        | ({"sm3": digest} if drawn else {}),
    )
    body = mediated_by(agreement)
    day = effective_on(
        [party.pk for party in parties_to_sign(matter.pk)],
        marks_of(agreement),
        seals=body is None or body.seals,
        by_parties=body is not None and body.by_parties,
    )
    if day is not None:
        _take_effect(actor, matter, agreement, day)
    return agreement


def agree_orally(
    *,
    actor: Actor,
    matter_id: UUID,
    on: date,
    facts: str,
    issues: str,
    responsibility: str,
    terms: Sequence[NewTerm],
    sketch: int | None = None,
    version: int | None = None,
) -> Agreement:
    """口头协议: takes effect on the day on which the parties agree (第30条); what was agreed is written down (第28条).

    Refused: ``not_mediating``, ``draft_there``, ``terms_incomplete``.
    """
    matter = writing.opened(actor, matter_id, version)
    running = writing.running_mediation(matter)
    if Agreement.objects.filter(mediation=running, state=AgreementState.DRAFT).exists():
        raise Refusal("draft_there", _("这次调解已经有一份正在签署的协议。"))
    if not running.sent_at.astimezone(clock.SHANGHAI).date() <= on <= clock.today():
        raise Invalid({"on": _("达成协议的日期要在开始调解之后，不能晚于今天。")})
    everybody = {party.pk for party in parties_to_sign(matter.pk)}
    check(terms, everybody, earliest=on)
    words = (facts, issues, responsibility)
    agreement = writing.written(matter, actor, running, Way.ORAL, words, terms)
    writing.take(agreement, sketch)
    _take_effect(actor, matter, agreement, on)
    return agreement


# A centre is no mediating organisation, whatever county it is of and however its name is written.
CENTRES = ("综治中心", "综合治理中心", "矛盾纠纷调处化解中心", "矛调中心")
_WHO = {
    Signer.MEDIATOR: _("请写明签名的调解员。"),
    Signer.ORGANISATION: _("请写明盖的是哪个调解组织的印章。"),
}


def _is_a_centres(name: str, matter: Matter) -> bool:
    """Whether a seal is that of a centre: by what centres are called, and by the names of those of the county."""
    plain = name.replace(" ", "")
    if plain.endswith("调解委员会"):
        # A committee that sits at a centre has a seal of its own.
        return False
    own = Centre.objects.filter(name=plain, division__code__startswith=matter.county)
    return any(each in plain for each in CENTRES) or own.exists()


def _check_mark(signer: Signer, mark: Mark, on: date, agreement: Agreement) -> None:
    if mark not in MARKS[signer]:
        raise Invalid({"mark": _("调解员要签名。") if signer == Signer.MEDIATOR else _("调解组织要盖章。")})
    if not agreement.drafted_at.astimezone(clock.SHANGHAI).date() <= on <= clock.today():
        raise Invalid({"on": _("签署日期不能早于拟写协议的那一天，也不能晚于今天。")})


def _digest_of(drawn: Drawn, agreement: Agreement, signer: Signer, mark: Mark, on: date, marks: int) -> str:
    """Ties what was drawn to the words; one hand, one signature, now."""
    check_drawn(drawn.strokes)
    if marks != 1 or signer == Signer.ORGANISATION or mark != Mark.SIGNATURE:
        raise Invalid({"drawn": _("平板上一次只签一个人的名；盖章和指印请在纸上。")})
    if on != clock.today():
        raise Invalid({"on": _("在平板上签的，签署日期是今天。")})
    paper = paper_digest(agreement, current_terms(agreement).select_related("debtor", "creditor"))
    if drawn.paper != paper:
        raise Refusal("other_words", _("协议的文字和签名时显示的不一样，请重新打开再签。"), field="drawn")
    return drawn_digest(paper, drawn.strokes)


def _marks_of_parties(
    agreement: Agreement, parties: Sequence[UUID], agent: UUID | None
) -> list[tuple[UUID | None, UUID | None, str]]:
    known = {party.pk: party for party in parties_to_sign(agreement.matter_id)}
    if not parties or not set(parties) <= set(known):
        raise Invalid({"parties": _("请选择是哪一位当事人签的。")})
    if agreement.signatures.filter(party_id__in=list(parties)).exists():
        raise Refusal("signed_twice", _("已经签过了。"), field="parties")
    if agent is None:
        return [(pk, None, known[pk].name or ANONYMOUS) for pk in dict.fromkeys(parties)]
    acting = known[parties[0]].agents.filter(pk=agent).first() if len(set(parties)) == 1 else None
    if acting is None:
        raise Refusal("not_the_agent", _("这个人不是所选当事人的代理人。"), field="agent")
    return [(parties[0], acting.pk, acting.name)]


def _take_effect(actor: Actor, matter: Matter, agreement: Agreement, day: date) -> None:
    """The agreement binds from now on (第31条): its terms become the plan, and the mediation has its result."""
    agreement.state, agreement.effective_on = AgreementState.EFFECTIVE, day
    agreement.ended_at = clock.now()
    agreement.save(update_fields=["state", "effective_on", "ended_at"])
    terms = current_terms(agreement)
    lasting = terms.filter(kind=TermKind.REFRAIN, due__isnull=True)
    lasting.update(state=TermState.LASTING)
    terms.filter(state=TermState.PROPOSED).update(state=TermState.DUE)
    action = AgreementAction.AGREE if agreement.way == Way.ORAL else AgreementAction.TAKE_EFFECT
    note(
        matter,
        actor=actor,
        type=f"agreement.{action}",
        parameters={"agreement": agreement.pk, "on": day},
    )
    last = terms.filter(state=TermState.DUE).aggregate(last=Max("due"))["last"]
    record_mediation(
        actor=actor,
        matter_id=matter.pk,
        result=Result.ORAL if agreement.way == Way.ORAL else Result.WRITTEN,
        text=terms_in_words(terms.select_related("debtor", "creditor")),
        # A promise may have fallen due between the agreement and the day on which it is written down.
        performance_due=max(last, clock.today()) if last else None,
        effective_on=day if day < clock.today() else None,
    )
