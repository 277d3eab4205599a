"""Writing an agreement: its words and terms, what is to be thought of before signing, and giving it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.enums import AgreementAction, AgreementState, Way
from fengqiao.agreements.models import Agreement, AgreementNumber, Sketch, Term
from fengqiao.agreements.policies import check_may_write
from fengqiao.agreements.terms import NewTerm, check
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.numbering import next_number
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import State, WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.mediation.models import Mediation
from fengqiao.rules.queries.agreements import questions_on

# The answer that says that a question does not touch this agreement.
NO = "no"


def draft(
    *,
    actor: Actor,
    matter_id: UUID,
    facts: str,
    issues: str,
    responsibility: str,
    terms: Sequence[NewTerm],
    sketch: int | None = None,
    version: int | None = None,
) -> Agreement:
    """拟写调解协议: the paper of the running mediation (人民调解法 第29条第1款 says what stands on it).

    :param sketch: the version of what was typed that becomes this paper.

    Refused: ``not_mediating``, ``draft_there`` while another is being signed, ``terms_incomplete``.
    """
    matter = opened(actor, matter_id, version)
    running = running_mediation(matter)
    if Agreement.objects.filter(mediation=running, state=AgreementState.DRAFT).exists():
        raise Refusal("draft_there", _("这次调解已经有一份正在签署的协议。"))
    check(terms, _parties(matter), earliest=clock.today())
    agreement = written(matter, actor, running, Way.WRITTEN, (facts, issues, responsibility), terms)
    take(agreement, sketch)
    _note(matter, actor, agreement, AgreementAction.DRAFT)
    return agreement


def amend(
    *,
    actor: Actor,
    agreement_id: UUID,
    facts: str,
    issues: str,
    responsibility: str,
    terms: Sequence[NewTerm],
    sketch: int | None = None,
    version: int | None = None,
) -> Agreement:
    """改写: new words and terms, as long as nobody has signed. What the mediator had answered is asked anew."""
    matter, agreement = opened_draft(actor, agreement_id, version)
    if agreement.signatures.exists():
        raise Refusal("signed_already", _("已经有人签了，不能再改；要改请先记录没有签成，再重新拟写。"))
    check(terms, _parties(matter), earliest=clock.today())
    agreement.facts, agreement.issues, agreement.responsibility = _words(facts, issues, responsibility)
    agreement.draft += 1
    agreement.answers, agreement.checked_at = {}, None
    agreement.save(update_fields=["facts", "issues", "responsibility", "draft", "answers", "checked_at"])
    _keep_terms(matter, agreement, terms)
    take(agreement, sketch)
    _note(matter, actor, agreement, AgreementAction.AMEND)
    return agreement


def answer(
    *, actor: Actor, agreement_id: UUID, answers: Mapping[str, str], version: int | None = None
) -> Agreement:
    """签署前核对: what may not be agreed, as questions; an answer is "no", or says how it stands. Blocks nothing.

    Raises ``Invalid`` for a question that is left open (``answers.<id>``).
    """
    matter, agreement = opened_draft(actor, agreement_id, version)
    asked = [each.id for each in questions_on(clock.today())]
    given = {name: allowed(f"answers.{name}", answers.get(name, "")) for name in asked}
    lacking = {f"answers.{name}": _("请回答。") for name, said in given.items() if not said}
    if lacking:
        raise Invalid(lacking, code="unanswered")
    agreement.answers, agreement.checked_at = given, clock.now()
    agreement.save(update_fields=["answers", "checked_at"])
    touched = [name for name, said in given.items() if said != NO]
    _note(matter, actor, agreement, AgreementAction.CHECK, touched=touched)
    return agreement


def drop(*, actor: Actor, agreement_id: UUID, reason: str, version: int | None = None) -> Agreement:
    """没有签成: a party refuses at the last signature. The paper stays in the file; the mediation goes on."""
    reason = needed("reason", reason, _("请写明为什么没有签成。"), shortest=4)
    matter, agreement = opened_draft(actor, agreement_id, version)
    agreement.state, agreement.ended_at, agreement.reason = AgreementState.DROPPED, clock.now(), reason
    agreement.save(update_fields=["state", "ended_at", "reason"])
    _note(matter, actor, agreement, AgreementAction.DROP, words={WordKind.REASON: reason})
    return agreement


def opened(actor: Actor, matter_id: UUID, version: int | None) -> Matter:
    """The matter in mediation, locked, for a post that writes its agreement."""
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    check_may_write(actor, matter)
    if matter.state != State.MEDIATING:
        raise Refusal("not_mediating", _("事项现在不在调解。"))
    return matter


def opened_draft(actor: Actor, agreement_id: UUID, version: int | None) -> tuple[Matter, Agreement]:
    """The matter and then the agreement, locked, as long as it is being written or signed."""
    known = Agreement.objects.filter(pk=agreement_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("agreement_not_found", _("没有这份协议，或您看不到它。"))
    matter = opened(actor, known, version)
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
    if agreement.state != AgreementState.DRAFT:
        raise Refusal("agreement_ended", _("这份协议已经生效或没有签成。"))
    return matter, agreement


def running_mediation(matter: Matter) -> Mediation:
    """The mediation that has not ended; ``no_mediation`` where there is none."""
    running: Mediation | None = Mediation.objects.filter(matter_id=matter.pk, ended_at__isnull=True).first()
    if running is None:
        raise Refusal("no_mediation", _("没有正在进行的调解。"))
    return running


def written(
    matter: Matter,
    actor: Actor,
    mediation: Mediation,
    way: Way,
    words: tuple[str, str, str],
    terms: Sequence[NewTerm],
) -> Agreement:
    """The agreement with its number, its words (facts, issues, responsibility) and its terms, which are checked."""
    facts, issues, responsibility = _words(*words)
    year = clock.today().year
    agreement = Agreement.objects.create(
        **of(matter),
        mediation=mediation,
        way=way,
        year=year,
        number=next_number(AgreementNumber, county=matter.county, year=year),
        facts=facts,
        issues=issues,
        responsibility=responsibility,
        drafted_by_id=actor.person_id,
        drafted_at=clock.now(),
    )
    _keep_terms(matter, agreement, terms)
    return agreement


def take(agreement: Agreement, sketch: int | None) -> None:
    """What was typed as this version became the draft of an agreement; who still has it open is told so."""
    if sketch is not None:
        Sketch.objects.filter(mediation_id=agreement.mediation_id, taken_at=None, version=sketch).update(
            agreement=agreement, draft=agreement.draft, version=sketch + 1, taken_at=clock.now()
        )


def _keep_terms(matter: Matter, agreement: Agreement, terms: Sequence[NewTerm]) -> None:
    Term.objects.bulk_create(
        [
            Term(
                **of(matter),
                agreement=agreement,
                draft=agreement.draft,
                place=place,
                kind=each.kind,
                debtor_id=each.debtor,
                creditor_id=each.creditor,
                what=each.what.strip(),
                amount=each.amount,
                due=each.due,
                how=each.how.strip(),
            )
            for place, each in enumerate(terms, 1)
        ]
    )


def _words(facts: str, issues: str, responsibility: str) -> tuple[str, str, str]:
    return (
        needed("facts", facts, _("请写明纠纷的主要事实。"), shortest=4),
        needed("issues", issues, _("请写明争议事项。"), shortest=4),
        allowed("responsibility", responsibility),
    )


def _parties(matter: Matter) -> set[UUID]:
    return set(matter.parties.filter(agent_of=None).values_list("pk", flat=True))


def _note(
    matter: Matter,
    actor: Actor,
    agreement: Agreement,
    action: AgreementAction,
    words: Mapping[WordKind, str] | None = None,
    **parameters: object,
) -> None:
    note(
        matter,
        actor=actor,
        type=f"agreement.{action}",
        parameters={"agreement": agreement.pk, "draft": agreement.draft, **parameters},
        words=words,
    )
