"""The page of one matter: from the top what one must know, then what one can do, then the whole file."""

from __future__ import annotations

from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES
from fengqiao.agreements.policies import may_read as may_read_agreements
from fengqiao.dispatch.enums import AssignmentAction, AssignmentState, Part
from fengqiao.dispatch.models import Assignment
from fengqiao.dispatch.queries.handovers import Handovers, handovers_of, pending_returns
from fengqiao.dispatch.queries.proposed import ProposedDepartments, proposed_departments
from fengqiao.kernel import clock
from fengqiao.leading.steps import READERS as LISTED_FOR
from fengqiao.matters import policies
from fengqiao.matters.enums import Action, Danger, Outcome, Restriction, State, Step
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.lights import light_of
from fengqiao.matters.queries.matters import missing, readers_of
from fengqiao.matters.queries.record import Record, record_of
from fengqiao.matters.queries.ruled import Proposal, of_facts, proposal
from fengqiao.mediation.policies import may_tell
from fengqiao.mediation.queries.mediations import mediations_of, to_be_told
from fengqiao.referrals.policies import may_read as may_read_referrals
from fengqiao.reporting.policies import LISTED as REPORT_READERS
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.categories import label as category_label
from fengqiao.supervision.policies import READERS
from fengqiao.web.desk.counsel.consultations import of_matter as of_consultations
from fengqiao.web.desk.counsel.teams import of_matter as of_teams
from fengqiao.web.desk.matter import limits, telling
from fengqiao.web.desk.matter import offers as offering
from fengqiao.web.desk.matter.ruled_forms import Assess
from fengqiao.web.desk.reporting import of_matter
from fengqiao.web.desk.study.views import of_matter as of_studies


def show(
    request: HttpRequest,
    actor: Actor,
    matter: Matter,
    *,
    key: str = "",
    form: Any = None,
    status: int = 200,
) -> HttpResponse:
    """Renders the page inside the running scope; ``key`` opens an action, ``form`` brings what was typed."""
    handed = handovers_of(actor, matter)
    record = record_of(actor, matter)
    offers = offering.offers(actor, matter, handed.now)
    chosen = _chosen(actor, matter, handed, offers, key)
    if chosen is not None and form is None:
        form = offering.form_of(chosen, actor=actor, matter=matter)
        if chosen.key == Action.MERGE:
            # From the list of linked matters: the code stands in the address.
            form.initial["main"] = request.GET.get("main", "")
    proposed = _proposed_departments(actor, chosen, matter)
    if proposed is not None:
        form.propose(proposed)
    first = proposed.proposal if proposed else _proposal(actor, chosen, matter)
    tier = None
    if first is not None and isinstance(form, Assess):
        tier = of_facts(TableKind.TIER, matter.county, first.facts)
        form.propose(tier)
        form.initial["asked_row"] = first.answer.row.id if first.answer.row else ""
    mediations = mediations_of(matter)
    context = {
        "matter": matter,
        "record": record,
        # A paper that came with an action of a department is named by it.
        "purposes": dict(AssignmentAction.choices),
        "handed": handed,
        "cards": [_card(a) for a in handed.now if a.state != AssignmentState.RETURNED],
        "pending_returns": pending_returns(handed.now),
        "last_progress": _last_progress(handed),
        "mediations": mediations,
        "mediated_here": may_tell(actor, matter) and any(each.ended_at is None for each in mediations),
        "to_be_told": to_be_told(actor, matter, mediations),
        "clocks": limits.lines_of(actor, matter),
        "may_record_facts": limits.may_record(actor, matter),
        "light": light_of(matter.yellow_at, matter.due_at, clock.now()),
        "steps": telling.steps_of(matter, record.events),
        "history": telling.history(record.events, record.words),
        "category": category_label(matter.category) if matter.category else "",
        "missing": missing(matter, parties=len(record.parties), claims=len(record.claims)),
        "in_danger": matter.danger != Danger.NONE,
        "days": (clock.now() - matter.state_since).days,
        "reply_by": _reply_by(handed),
        "offers": [o for o in offers if chosen is None or o.key != chosen.key],
        "chosen": chosen,
        "proposal": first,
        "tier": tier,
        "proposed": proposed,
        "form": form,
        "may_unmask": policies.may_unmask(actor),
        "may_whistle": actor.role in CENTRE_ROLES and matter.is_open,
        "may_name": actor.role in policies.MAY_NAME_READERS,
        # Asked for beside the page: most matters have none.
        "has_supervision": actor.role in READERS and bool(handed.now or handed.before),
        "has_referrals": may_read_referrals(actor) and not matter.is_history,
        "has_agreements": may_read_agreements(actor) and bool(mediations),
        "has_lawyers": actor.role in CENTRE_ROLES,
        "may_see_listing": actor.role in LISTED_FOR and not matter.is_history,
        "studies": of_studies(actor, matter),
        "consultations": of_consultations(actor, matter),
        "teams": of_teams(actor, matter),
        # A danger is never looked for beside the page.
        "direct": of_matter.context(actor, matter) if actor.role in REPORT_READERS else None,
        "readers": readers_of(matter) if matter.restriction == Restriction.RESTRICTED else [],
        "may_merge": any(o.key == Action.MERGE for o in offers),
        "is_merged": matter.outcome == Outcome.MERGED,
        "main": next((m for m in record.linked if m.pk == matter.merged_into_id), None),
        "to_answer": _to_answer(matter, record),
        "is_frozen": matter.state == State.ARCHIVED,
    }
    return render(request, "matter/page.html", context, status=status)


def _to_answer(matter: Matter, record: Record) -> list[Matter]:
    """The merged matters whose petitioners wait to be told the result of this one."""
    if matter.step != Step.SETTLE or not matter.outcome:
        return []
    return [m for m in record.linked if m.merged_into_id == matter.pk and m.state == State.SETTLED]


def _chosen(
    actor: Actor, matter: Matter, handed: Handovers, offers: list[offering.Offer], key: str
) -> offering.Offer | None:
    if key:
        return offering.offer_of(actor, matter, handed.now, key)
    return next((o for o in offers if o.is_next), None)


def _proposal(actor: Actor, chosen: offering.Offer | None, matter: Matter) -> Proposal | None:
    """What the decision table says, where the opened action is one that it proposes a choice for."""
    if chosen is None or chosen.assignment is not None:
        return None
    return proposal(actor, Action(chosen.action), matter)


def _proposed_departments(
    actor: Actor, chosen: offering.Offer | None, matter: Matter
) -> ProposedDepartments | None:
    """To whom the table would send it, where it is to be handed over."""
    if chosen is None or chosen.assignment is not None or chosen.action != Action.DISPATCH:
        return None
    return proposed_departments(actor, matter)


def _card(assignment: Assignment) -> dict[str, Any]:
    """One body that has the matter: who, in which part and responsibility, in which state since when."""
    if assignment.state == AssignmentState.ISSUED:
        colour = "yellow"
    elif assignment.state in (AssignmentState.DISPOSED, AssignmentState.SIGNED_OFF):
        colour = "green"
    elif assignment.state in (AssignmentState.RETURN_ASKED, AssignmentState.OVERRIDDEN):
        colour = "red"
    else:
        colour = "grey"
    answered = None
    if assignment.checked_in_at:
        # Hours that were begun: within the first one is "in one hour".
        answered = ceil((assignment.checked_in_at - assignment.issued_at).total_seconds() / 3600) or 1
    return {
        "assignment": assignment,
        "colour": colour,
        "answered_hours": answered,
        "sign_offs": list(assignment.sign_offs.all()),
    }


def _last_progress(handed: Handovers) -> Any:
    notes = [note for a in handed.now for note in a.progress.all()]
    return max(notes, key=lambda note: note.at, default=None)


def _reply_by(handed: Handovers) -> Any:
    return next((a.reply_by for a in handed.now if a.part == Part.LEAD and a.reply_by), None)
