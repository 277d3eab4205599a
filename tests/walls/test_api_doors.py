"""Every address of the API × every post: what it answers, and that it never tells of what one does not see.

The doors of the API beside those of the desk (test_web_doors.py), held to the same matrix. A new address
fails ``test_every_door_is_in_the_table`` until it has its line here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.api import limits
from fengqiao.api.urls import urlpatterns
from fengqiao.dispatch.enums import AssignmentAction
from fengqiao.dispatch.models import Whistle
from fengqiao.dispatch.queries import whistles
from fengqiao.exchange.domain import exporting
from fengqiao.matters.enums import Action
from fengqiao.matters.queries.visibility import MatterQuerySet
from tests import template_database
from tests.api.samples import NOBODY, OF_DEPARTMENTS, SAMPLES
from tests.files.samples import PDF
from tests.small_county import assignments
from tests.walls.sight_ground import SHARED_PHONE, SightGround, identity_of, lay
from tests.walls.test_visibility_matrix import SCORED, SEEN, WHISTLES, Keys, Who
from tests.walls.test_web_doors import (
    ADMINISTRATORS,
    BLOWS,
    DISPATCHES,
    LEADING,
    LISTERS,
    OVERSEERS,
    POSTS,
    PRINTS,
    READ_THE_LIST,
    REGISTERS,
    REPORTING,
    TRIED,
    Door,
    Values,
    at_a_centre,
    browser_of,
    code,
    convenes,
    counting,
    has_the_county_s_templates,
    in_turn,
    keeping_archives,
    keeps_performance,
    keeps_the_batch,
    reads_reports,
    reads_the_entry,
    reads_the_ladder,
    reads_the_study,
    registered_at,
    sampling,
    status,
    told,
    tried,
    uploading,
)
from tests.walls.test_web_doors import text_of as unpacked
from tests.web.test_machines import issued, token_of

TODAY = "2026-11-20T09:30:00+08:00"
no_administrator = status(200, (403, ADMINISTRATORS))


def part(name: str) -> Door:
    """A list of one matter."""
    return Door(name, arguments=code, answers=no_administrator, of_matter=True, unseen=404)


def nothing(ground: SightGround, key: str) -> list[Any]:
    """An address of something that is nobody's."""
    return [ground.matters[key].id]


def volume(ground: SightGround, key: str) -> list[Any]:
    return [ground.matters[key].code, ground.volumes[key], "pdf"]


BULK: dict[str, tuple[Role, ...]] = {
    "dispatch": DISPATCHES,
    "hand_over": (*LEADING, Role.DISPATCHER, Role.MEDIATOR),
    "hand_down": (*LEADING, Role.DISPATCHER),
}


def bulk_answers(action: str) -> Callable[[Who], int]:
    """Whoever may do it to one; the city has no mediator of the county's to name."""
    usual = status(403, (200, BULK[action]))
    return lambda who: 422 if (action, *who) == ("hand_over", Role.DIRECTOR, "city") else usual(who)


def in_bulk(ground: SightGround, action: str, key: str) -> dict[str, Any]:
    """One matter of another version than it has: nothing is done to it, whoever asks."""
    body = {
        "dispatch": {"lead": str(ground.county.department("labour").id), "message": "请依法处理"},
        "hand_over": {"mediator_id": str(ground.county.person(Role.MEDIATOR).id), "reason": "出差"},
        "hand_down": {"centre_id": str(ground.county.centres["town"].pk), "reason": "由镇里办理"},
    }
    return {"matters": [{"code": ground.matters[key].code, "version": 999}], "what": body[action]}


DOORS = [
    Door("api_openapi"),
    Door("api_docs"),
    Door("api_nowhere", arguments=lambda g, k: ["persons"], answers=status(404)),
    Door("api_matters", answers=no_administrator, shows=lambda who: SEEN[who]),
    Door(
        "api_matters",
        data=lambda g, k: {"flag": "restricted"},
        answers=no_administrator,
        shows=lambda who: SEEN[who] & {"restricted"},
        note="restricted",
    ),
    Door(
        "api_matters",
        data=lambda g, k: {"q": g.matters[k].code},
        answers=no_administrator,
        of_matter=True,
        unseen=200,
        note="a code",
    ),
    Door(
        "api_search",
        "post",
        data=lambda g, k: {"number": SHARED_PHONE},
        answers=no_administrator,
        shows=lambda who: SEEN[who],
    ),
    Door(
        "api_search",
        "post",
        data=lambda g, k: {"number": identity_of(k)},
        answers=no_administrator,
        of_matter=True,
        unseen=200,
        note="an identity",
    ),
    Door(
        "api_matters",
        "post",
        # No such category: whoever may register hears of it, nobody else.
        data=lambda g, k: {"title": "试登记", "channel": "visit", "received_at": TODAY, "category": "0001"},
        answers=status(403, (422, REGISTERS)),
    ),
    part("api_matter"),
    part("api_parties"),
    part("api_sessions"),
    part("api_dispatches"),
    part("api_clocks"),
    part("api_facts"),
    Door(
        "api_clock",
        arguments=lambda g, k: [*code(g, k), g.clocks[k]],
        answers=no_administrator,
        of_matter=True,
        unseen=404,
    ),
    part("api_files"),
    part("api_history"),
    Door(
        "api_file",
        arguments=lambda g, k: [*code(g, k), g.files[k]],
        answers=no_administrator,
        of_matter=True,
        unseen=404,
    ),
]


def on_limits() -> Iterator[Door]:
    """What is done to a limit or a fact: there for who sees the matter, and stale for all of them here."""
    words = {"reason": "核对过原件"}
    when = {"at": TODAY, **words}
    ways: dict[str, tuple[Values, dict[str, Any]]] = {
        "record": (code, {"kind": "opinion_served", **when}),
        "correct": (lambda g, k: [*code(g, k), g.facts[k]], when),
        "take_back": (lambda g, k: [*code(g, k), g.facts[k]], words),
        "pause": (lambda g, k: [*code(g, k), g.clocks[k]], {"ground": "hearing", **when}),
        "resume": (lambda g, k: [*code(g, k), g.clocks[k]], when),
        "restart": (lambda g, k: [*code(g, k), g.clocks[k]], {"ground": "hearing", **when}),
        "fulfil": (lambda g, k: [*code(g, k), g.clocks[k]], when),
        "ask_extension": (
            lambda g, k: [*code(g, k), g.clocks[k]],
            {"n": 5, "unit": "calendar_day", **words},
        ),
        "decide_extension": (lambda g, k: [*code(g, k), g.clocks[k]], {"approve": True}),
    }
    for verb, (arguments, sent) in ways.items():
        yield Door(
            f"api_clock_{verb}",
            "post",
            arguments=arguments,
            data=lambda g, k, sent=sent: sent,
            answers=status(412),
            of_matter=True,
            unseen=404,
        )
        # Nothing was sent: nobody is told whether the matter is there.
        yield Door(
            f"api_clock_{verb}_preview",
            "post",
            arguments=arguments,
            answers=status(422),
        )


DOORS += on_limits()
DOORS += [
    # Nobody's export but one's own; what its file holds is asked below.
    Door("api_exports", answers=no_administrator),
    Door(
        "api_exports",
        "post",
        data=lambda g, k: {"kind": "csv"},
        answers=status(201, (403, ADMINISTRATORS)),
    ),
    Door("api_export", arguments=nothing, answers=status(404, (403, ADMINISTRATORS))),
    Door("api_export_file", arguments=nothing, answers=status(404, (403, ADMINISTRATORS))),
    Door("api_export_cover", arguments=nothing, answers=status(404, (403, ADMINISTRATORS))),
    # Nobody's view and schedule: whose is whose is in tests/api/test_saved_views.py.
    Door("api_views", answers=no_administrator),
    Door("api_views", "post", data=lambda g, k: {"name": "  "}, answers=status(422, (403, ADMINISTRATORS))),
    Door("api_view", arguments=nothing, answers=status(404, (403, ADMINISTRATORS))),
    Door(
        "api_view",
        "put",
        arguments=nothing,
        data=lambda g, k: {"name": "甲"},
        answers=status(404, (403, ADMINISTRATORS)),
    ),
    Door("api_view", "delete", arguments=nothing, answers=status(404, (403, ADMINISTRATORS))),
    Door("api_schedules", answers=no_administrator),
    Door(
        "api_schedules",
        "post",
        data=lambda g, k: {"view": str(g.matters[k].id), "every": "day", "hour": 6},
        answers=status(422, (403, ADMINISTRATORS)),
    ),
    Door("api_schedule", arguments=nothing, answers=status(404, (403, ADMINISTRATORS))),
    Door(
        "api_schedule",
        "put",
        arguments=nothing,
        data=lambda g, k: {"every": "day", "hour": 6},
        answers=status(404, (403, ADMINISTRATORS)),
    ),
    *(
        Door(
            f"api_{kind}_{action}",
            "post",
            data=lambda g, k, action=action: in_bulk(g, action, k),
            answers=bulk_answers(action),
        )
        for kind in ("preview", "bulk")
        for action in BULK
    ),
    Door("api_schedule", "delete", arguments=nothing, answers=status(404, (403, ADMINISTRATORS))),
]
DOORS += [
    # Nobody's notice but one's own: whose is whose is in tests/notices/.
    Door("api_notices"),
    Door("api_notice_read", "post", arguments=nothing, answers=status(404)),
]
# One's own choices: machines and administrators have nothing to be told.
is_reached = status(200, (403, (Role.EXCHANGE, *ADMINISTRATORS)))
DOORS += [
    Door("api_notice_choices", answers=is_reached),
    Door(
        "api_notice_choices",
        "put",
        data=lambda g, k: {"mail": "x"},
        answers=status(422, (403, (Role.EXCHANGE, *ADMINISTRATORS))),
    ),
]
asks_who_is_late = status(403, (200, (*LEADING, Role.SUPERVISOR, Role.HANDLER, Role.EXCHANGE)))
DOORS += [
    # The ground's clocks light nothing: what is seen of those that do is asked in the matrix.
    Door("api_due", answers=no_administrator),
    Door(
        "api_due_days",
        data=lambda g, k: {"first": "2026-09-01", "last": "2026-09-30"},
        answers=no_administrator,
    ),
    Door("api_due_owing", answers=asks_who_is_late),
    Door(
        "api_reviews",
        answers=status(403, (200, LISTERS)),
        shows=lambda who: SEEN[who] & {"handed"} if who[0] in OVERSEERS else frozenset(),
    ),
    Door("api_samples", answers=sampling),
    Door("api_dossier", arguments=code, answers=status(403, (200, CENTRE_ROLES)), of_matter=True, unseen=404),
    # None was mediated.
    Door(
        "api_dossier",
        "post",
        arguments=code,
        data=lambda g, k: {},
        answers=status(403, (409, CENTRE_ROLES)),
        of_matter=True,
        unseen=404,
    ),
    Door(
        "api_volume",
        arguments=volume,
        answers=status(404, (200, CENTRE_ROLES), (403, ADMINISTRATORS)),
        of_matter=True,
        unseen=404,
    ),
    Door(
        "api_fitting_mediators",
        arguments=code,
        answers=status(403, (200, CENTRE_ROLES)),
        of_matter=True,
        unseen=404,
    ),
    Door(
        "api_accountability",
        answers=status(403, (200, LISTERS)),
        shows=lambda who: SEEN[who] & {"handed"} if reads_the_entry(who) else frozenset(),
    ),
]
# What is not there is answered alike by whoever may not read it.
no_archive = status(403, (404, (*LEADING, Role.DISPATCHER)))
watching = status(403, (200, READ_THE_LIST))


def one_there(reads: Callable[[Who], bool]) -> Callable[[Who], int]:
    """The one there is, of what was handed to the labour bureau: nobody else is told that it is there."""
    return lambda who: (
        403 if who[0] in ADMINISTRATORS else 200 if "handed" in SEEN[who] and reads(who) else 404
    )


def handed(reads: Callable[[Who], bool]) -> Callable[[Who], Keys]:
    return lambda who: SEEN[who] & {"handed"} if reads(who) else frozenset()


def reads_the_listing(who: Who) -> bool:
    return who[0] is not Role.EXCHANGE


def reads_the_letter(who: Who) -> bool:
    return who[0] in CENTRE_ROLES or who[0] is Role.SUPERVISOR


takes_part_in_studies = status(200, (403, (Role.SUPERVISOR, Role.EXCHANGE, *ADMINISTRATORS)))
DOORS += [
    Door("api_disposals", answers=keeping_archives),
    Door("api_disposals_due", answers=keeping_archives),
    Door("api_disposal", arguments=lambda g, k: [g.study], answers=no_archive),
    Door(
        "api_disposals",
        "post",
        data=lambda g, k: {"volumes": [str(g.study)], "grounds": "保管期满"},
        answers=no_archive,
    ),
    Door(
        "api_disposal_decision",
        "post",
        arguments=lambda g, k: [g.study],
        data=lambda g, k: {"approved": True, "decision": "同意"},
        answers=no_archive,
    ),
    Door("api_disposal_sheet", arguments=lambda g, k: [g.study], answers=no_archive),
    *(
        Door(
            name,
            arguments=lambda g, k: [g.batch],
            answers=lambda who: 200 if keeps_the_batch(who) else no_archive(who),
            shows=lambda who: SEEN[who] & {"handed"} if keeps_the_batch(who) else frozenset(),
            note="the county's",
        )
        for name in ("api_disposal", "api_disposal_sheet")
    ),
    Door("api_mediation_statistics", answers=counting),
    Door("api_mediation_statistics_sheet", answers=counting),
    Door("api_supervisions", answers=no_administrator, shows=handed(reads_the_ladder)),
    Door(
        "api_supervision",
        arguments=lambda g, k: [g.supervision],
        answers=one_there(reads_the_ladder),
        shows=handed(reads_the_ladder),
    ),
    Door(
        "api_key_matters",
        answers=watching,
        shows=lambda who: SEEN[who] & {"handed"} if watching(who) == 200 else frozenset(),
    ),
    Door(
        "api_key_matter",
        arguments=lambda g, k: [g.key_matter],
        answers=one_there(reads_the_listing),
        shows=handed(reads_the_listing),
    ),
    Door("api_instructions", answers=no_administrator, shows=handed(reads_the_ladder)),
    Door(
        "api_instruction",
        arguments=lambda g, k: [g.instruction],
        answers=one_there(reads_the_ladder),
        shows=handed(reads_the_ladder),
    ),
    Door("api_recommendations", answers=no_administrator, shows=handed(reads_the_letter)),
    Door(
        "api_recommendation",
        arguments=lambda g, k: [g.recommendation],
        answers=one_there(reads_the_letter),
        shows=handed(reads_the_letter),
    ),
    Door(
        "api_direct_reports",
        answers=status(403, (200, REPORTING)),
        shows=lambda who: SEEN[who] & {"handed"} if who[0] in REPORTING else frozenset(),
    ),
    Door(
        "api_direct_report",
        arguments=lambda g, k: [g.report],
        answers=one_there(reads_reports),
        shows=handed(reads_reports),
    ),
    Door("api_studies", answers=takes_part_in_studies, shows=handed(reads_the_study)),
    Door(
        "api_study",
        arguments=lambda g, k: [g.study],
        answers=one_there(reads_the_study),
        shows=handed(reads_the_study),
    ),
]


def stale_for(reads: Callable[[Who], bool]) -> Callable[[Who], int]:
    """Who sees it hears that the matter has another version: nothing is done."""
    there = one_there(reads)
    return lambda who: 412 if there(who) == 200 else there(who)


of_the_mediator = status(404, (403, ADMINISTRATORS))
DOORS += [
    *(
        Door(
            f"api_supervision_{act}",
            "post",
            arguments=lambda g, k: [g.supervision],
            data=lambda g, k: {"text": "已经约谈厂方"},
            answers=stale_for(reads_the_ladder),
        )
        for act in ("answer", "report")
    ),
    Door(
        "api_instruction_answer",
        "post",
        arguments=lambda g, k: [g.instruction],
        data=lambda g, k: {"text": "已经约谈厂方"},
        answers=stale_for(reads_the_ladder),
    ),
    Door(
        "api_recommendation_reply",
        "post",
        arguments=lambda g, k: [g.recommendation],
        data=lambda g, k: {"text": "已经排查", "replied_on": TODAY[:10]},
        answers=stale_for(reads_the_letter),
    ),
    # Read already, or not sent to them: nothing is written for most; what is, is a receipt of the commission.
    Door(
        "api_direct_report_read",
        "post",
        arguments=lambda g, k: [g.report],
        answers=one_there(reads_reports),
        shows=handed(reads_reports),
    ),
    Door(
        "api_study_materials",
        "post",
        arguments=lambda g, k: [g.study],
        data=lambda g, k: {"materials": [str(g.study)]},
        answers=lambda who: (
            422
            if convenes(who) and "handed" in SEEN[who]
            else 403
            if reads_the_study(who)
            else of_the_mediator(who)
        ),
    ),
    # The opinion of the one member is in (409); of anybody else there is no invitation.
    *(
        Door(
            f"api_study_{act}",
            "post",
            arguments=lambda g, k: [g.study],
            data=lambda g, k, sent=sent: sent,
            answers=lambda who: 409 if who == (Role.MEDIATOR, "county") else of_the_mediator(who),
        )
        for act, sent in (
            ("reply", {"answer": "comes"}),
            ("opinion", {"stance": "agree", "text": "工资优先于抵押权的说法没有依据。"}),
        )
    ),
]
IN_MEDIATION = {
    "facts": "工资没有付清。",
    "issues": "工资数额。",
    "terms": [{"kind": "refrain", "debtor": str(UUID(int=7)), "what": "不再堵路"}],
}
ANSWERS = {"answers": {"identity": "no"}}
SEALED = {"signer": "mediator", "mark": "signature", "on": TODAY[:10], "name": "老陈"}
REMINDED = {"on": TODAY[:10], "text": "电话催告"}
at_any_centre = status(403, (200, CENTRE_ROLES))


def of_agreements(who: Who) -> int:
    """Posts of a centre that see the matter hear that it has another version; others that there is none."""
    if who[0] not in CENTRE_ROLES:
        return 403
    return 412 if "handed" in SEEN[who] else 404


DOORS += [
    Door("api_agreements", arguments=code, answers=at_any_centre, of_matter=True, unseen=404),
    Door(
        "api_agreement",
        arguments=lambda g, k: [g.agreement],
        answers=lambda who: {412: 200}.get(of_agreements(who), of_agreements(who)),
        shows=handed(lambda who: who[0] in CENTRE_ROLES),
    ),
    Door(
        "api_performance",
        answers=at_any_centre,
        shows=handed(lambda who: who[0] in CENTRE_ROLES and who[1] == "county"),
    ),
    *(
        Door(
            f"api_agreement_{act}",
            "post",
            arguments=code,
            data=lambda g, k, sent=sent: sent,
            answers=status(412, (403, ADMINISTRATORS)),
            of_matter=True,
            unseen=404,
        )
        for act, sent in (("draft", IN_MEDIATION), ("oral", IN_MEDIATION | {"on": TODAY[:10]}))
    ),
    *(
        Door(
            f"api_agreement_{act}",
            "post",
            arguments=lambda g, k: [g.agreement],
            data=lambda g, k, sent=sent: sent,
            answers=of_agreements,
        )
        for act, sent in (
            ("amend", IN_MEDIATION),
            ("check", ANSWERS),
            ("sign", SEALED),
            ("drop", {"reason": "一方反悔"}),
        )
    ),
    Door(
        "api_term_perform",
        "post",
        arguments=lambda g, k: [g.term],
        data=lambda g, k: REMINDED | {"amount": "1.00"},
        answers=of_agreements,
    ),
    # Nobody mediates there any more: nothing is typed. Who reads and writes it otherwise: tests/api/test_agreements.py.
    Door("api_sketch", arguments=code, answers=status(403, (409, CENTRE_ROLES)), of_matter=True, unseen=404),
    Door(
        "api_sketch_save",
        "post",
        arguments=code,
        data=lambda g, k: {"facts": "某事"},
        answers=status(403, (409, CENTRE_ROLES)),
        of_matter=True,
        unseen=404,
    ),
    Door(
        "api_terms_performed",
        "post",
        arguments=lambda g, k: [g.agreement],
        data=lambda g, k: REMINDED | {"terms": [{"term": g.term}]},
        answers=of_agreements,
    ),
    Door(
        "api_term_step",
        "post",
        arguments=lambda g, k: [g.term, "remind"],
        data=lambda g, k: REMINDED,
        answers=of_agreements,
    ),
]
BY_HAND = str(UUID(int=3))
# Whoever sees the matter hears that it has another version.
IN_ITS_COURSE: dict[str, dict[str, Any]] = {
    "tell": {"parties": [BY_HAND], "method": "phone", "told_on": TODAY[:10]},
    "footing": {"body": "people", "name": "某调委会", "initiative": "own"},
    "fee": {"body_id": BY_HAND, "amount": "500.00", "signed_on": TODAY[:10], "parties": [BY_HAND]},
    "room": {"room_id": None},
    "stand": {"party_id": BY_HAND, "kind": "own_word"},
    "help": {"kind": "assistant", "name": "老黄"},
    "ask_help": {"talent_id": BY_HAND, "what": "看看图纸"},
    "ask_recusal": {"party_id": BY_HAND, "person_id": BY_HAND, "reason": "同村"},
    "plan": {"kind": "joint", "way": "van", "planned_at": TODAY, "place": "东门社区"},
    "promise": {"party_id": BY_HAND, "what": "工资条", "by_day": TODAY[:10]},
    "result": {"of_party_id": BY_HAND, "against_party_id": BY_HAND, "came": "partly", "text": "先付一半"},
}
ON_ONE = {
    "bring": {"came_on": TODAY[:10]},
    "lapse": {"why": "没有了"},
    "leave": {},
    "answer_help": {"reply": "agreed"},
    "decide_recusal": {"granted": True, "answer": "应当回避"},
    "begin": {},
    "end": {"parties": []},
    "adjourn": {"why": "一方生病"},
}


DOORS += [
    Door("api_mediation_day", answers=status(403, (200, (*LEADING, Role.MEDIATOR, Role.REGISTRAR)))),
    Door(
        "api_mediation",
        arguments=code,
        answers=status(409, (403, ADMINISTRATORS)),
        of_matter=True,
        unseen=404,
    ),
    *(
        Door(
            f"api_mediation_{act}",
            "post",
            arguments=(lambda g, k: [*code(g, k), BY_HAND]) if act in ON_ONE else code,
            data=lambda g, k, sent=sent: sent,
            answers=status(412, (403, ADMINISTRATORS)),
            of_matter=True,
            unseen=404,
        )
        for act, sent in (IN_ITS_COURSE | ON_ONE).items()
    ),
    *(
        Door(
            f"api_lawyer_{act}",
            "post",
            arguments=(lambda g, k: [*code(g, k), BY_HAND]) if of_one else code,
            data=lambda g, k, sent=sent: sent,
            answers=status(412, (403, ADMINISTRATORS)),
            of_matter=True,
            unseen=404,
        )
        for act, of_one, sent in (
            ("book", False, {"party_id": BY_HAND, "lawyer_id": BY_HAND, "starts_at": TODAY}),
            ("follow", False, {"lawyer_id": BY_HAND}),
            ("leave", False, {}),
            ("move", True, {"starts_at": TODAY, "why": "改天"}),
            ("keep", True, {"advised": "先申请仲裁"}),
            ("miss", True, {}),
            ("cancel", True, {"why": "不来了"}),
        )
    ),
    # Of the matter that was raised: what all heard, and not what one party said alone.
    Door(
        "api_mediation",
        arguments=lambda g, k: [g.matters["raised"].code],
        answers=lambda who: 200 if "raised" in SEEN[who] else 403 if who[0] in ADMINISTRATORS else 404,
        note="raised",
    ),
    Door(
        "api_mediation_note",
        "post",
        arguments=lambda g, k: [g.matters["raised"].code, g.talk],
        data=lambda g, k: {"text": "想看"},
        # It is over. Who may not read it hears the same of every version.
        answers=lambda who: (
            409
            if who[0] in LEADING and who[1] == "city"
            else 403
            if "raised" in SEEN[who] or who[0] in ADMINISTRATORS
            else 404
        ),
        note="raised",
    ),
    Door(
        "api_mediation_note",
        "post",
        arguments=lambda g, k: [*code(g, k), BY_HAND],
        data=lambda g, k: {"text": "看一眼"},
        # There is no such talk.
        answers=status(409, (403, ADMINISTRATORS)),
        of_matter=True,
        unseen=404,
    ),
]
REFERRED = {"kind": "petition", "office": "信访局", "asked": "请依职责办理。"}
reads_referrals = (CENTRE_ROLES | {Role.HANDLER},)


def of_a_referral(who: Who) -> int:
    """As of an agreement; a department that was not asked hears that there is none."""
    return 404 if who[0] is Role.HANDLER else of_agreements(who)


DOORS += [
    Door("api_referral_kinds", answers=status(403, (200, *reads_referrals))),
    Door(
        "api_matter_referrals",
        arguments=code,
        answers=status(403, (200, *reads_referrals)),
        of_matter=True,
        unseen=404,
    ),
    Door(
        "api_referrals",
        answers=status(403, (200, *reads_referrals)),
        shows=handed(lambda who: who[0] in CENTRE_ROLES and who[1] == "county"),
    ),
    Door(
        "api_referral",
        arguments=lambda g, k: [g.referral],
        answers=lambda who: {412: 200}.get(of_a_referral(who), of_a_referral(who)),
        shows=handed(lambda who: who[0] in CENTRE_ROLES),
    ),
    Door(
        "api_refer",
        "post",
        arguments=code,
        data=lambda g, k: REFERRED,
        answers=status(403, (412, *reads_referrals)),
        of_matter=True,
        unseen=404,
    ),
    Door(
        "api_referral_paper",
        arguments=lambda g, k: [g.referral, g.along],
        answers=lambda who: {412: 200}.get(of_a_referral(who), of_a_referral(who)),
    ),
    *(
        Door(
            f"api_referral_{act}",
            "post",
            arguments=lambda g, k: [g.referral],
            data=lambda g, k, sent=sent: sent,
            answers=of_a_referral,
        )
        for act, sent in (
            ("accept", {"contact": "值班民警"}),
            ("refuse", {"reason": "不属于管辖。"}),
            ("give_back", {"outcome": "done", "result": "已经办理。"}),
            ("remind", {"text": "打了电话。"}),
            ("supply", {"papers": [BY_HAND]}),
            ("call_back", {"reason": "不再需要。"}),
        )
    ),
]
TO_COURT = {
    "court": "恩平市人民法院",
    "level": "basic",
    "ground": "organisation",
    "answers": {"scope": "no"},
}
A_DAY = {"on": TODAY[:10], "text": "法院电话告知"}
WITH_A_PARTY = A_DAY | {"applicants": [str(UUID(int=7))]}
DOORS += [
    Door("api_court_cases", arguments=code, answers=at_any_centre, of_matter=True, unseen=404),
    *(
        Door(
            name,
            arguments=lambda g, k, field=field: [getattr(g, field)],
            answers=lambda who: {412: 200}.get(of_agreements(who), of_agreements(who)),
            shows=handed(lambda who: who[0] in CENTRE_ROLES)
            if field == "court_case"
            else lambda who: frozenset(),
        )
        for name, field in (("api_court_case", "court_case"), ("api_confirmation_findings", "agreement"))
    ),
    Door(
        "api_court_prepare",
        "post",
        arguments=lambda g, k: [g.agreement],
        data=lambda g, k: TO_COURT,
        answers=of_agreements,
    ),
    Door(
        "api_court_sue",
        "post",
        arguments=code,
        data=lambda g, k: WITH_A_PARTY | {"court": TO_COURT["court"], "level": "basic"},
        answers=status(412, (403, ADMINISTRATORS)),
        of_matter=True,
        unseen=404,
    ),
    *(
        Door(
            f"api_court_{act}",
            "post",
            arguments=lambda g, k: [g.court_case],
            data=lambda g, k, sent=sent: sent,
            answers=of_agreements,
        )
        for act, sent in (
            ("amend", TO_COURT),
            ("file", WITH_A_PARTY),
            ("docket", A_DAY | {"number": "（2026）粤0785民特1号"}),
            ("hear", A_DAY | {"until": TODAY[:10]}),
            ("enforce", WITH_A_PARTY | {"court": TO_COURT["court"], "level": "basic"}),
            *((act, A_DAY) for act in ("ask_more", "confirm", "refuse")),
        )
    ),
    *(
        Door(
            name,
            "post",
            arguments=lambda g, k, said=said: [g.court_case, said],
            data=lambda g, k: A_DAY,
            answers=of_agreements,
        )
        for name, said in (("api_court_step", "withdraw"), ("api_court_decided", "judge"))
    ),
]
DOORS += [
    Door(
        "api_court_packet",
        arguments=lambda g, k: [g.court_case],
        answers=lambda who: (
            200 if keeps_performance(who) else {412: 403}.get(of_agreements(who), of_agreements(who))
        ),
    ),
    # --- signed scans: of a stack at the centre that registered the matter
    Door("api_signed", arguments=code, answers=at_any_centre, of_matter=True, unseen=404),
    Door(
        "api_signed_page",
        arguments=lambda g, k: [*code(g, k), g.signed[k]],
        answers=at_any_centre,
        of_matter=True,
        unseen=404,
    ),
    Door(
        "api_signed_copy",
        arguments=lambda g, k: [*code(g, k), "receipt", g.matters[k].pk],
        # What lies on the ground for a page is no picture of one.
        answers=lambda who: 409 if at_any_centre(who) == 200 else 403,
        of_matter=True,
        unseen=404,
    ),
    Door(
        "api_signed_take_out",
        "post",
        arguments=lambda g, k: [*code(g, k), g.signed[k]],
        data=lambda g, k: {"reason": "放错了"},
        answers=lambda who: 412 if at_any_centre(who) == 200 else 403,
        of_matter=True,
        unseen=404,
    ),
    Door(
        "api_scans",
        answers=at_any_centre,
        shows=lambda who: SEEN[who] & registered_at(who[1]) if who[0] in CENTRE_ROLES else frozenset(),
    ),
    Door(
        "api_scan",
        arguments=lambda g, k: [g.day],
        answers=lambda who: 403 if who[0] not in CENTRE_ROLES else 200 if who[1] == "county" else 404,
        shows=lambda who: (
            SEEN[who] & registered_at("county")
            if who[0] in CENTRE_ROLES and who[1] == "county"
            else frozenset()
        ),
        note="of a day",
    ),
    # No file: whoever asks.
    Door("api_scans", "post", answers=lambda who: 422),
    *(
        Door(
            name,
            method,
            arguments=lambda g, k, key=key, at=at: at(g.scans[key]),
            data=lambda g, k, sent=sent: sent(g),
            answers=lambda who, key=key, number=number: (
                403
                if who[0] not in CENTRE_ROLES
                else number
                if key in SEEN[who] & registered_at(who[1])
                else 404
            ),
            references=True,
            note=f"of {key}",
        )
        for key in ("own", "restricted", "sealed")
        for name, method, at, sent, number in (
            ("api_scan", "get", lambda page: [page.stack_id], lambda g: {}, 200),
            ("api_scan_resume", "post", lambda page: [page.stack_id], lambda g: {}, 409),
            ("api_scan_source", "get", lambda page: [page.stack_id, page.source_id], lambda g: {}, 200),
            ("api_scanned_picture", "get", lambda page: [page.pk], lambda g: {}, 200),
            ("api_scanned_take", "post", lambda page: [page.pk], lambda g: {}, 409),
        )
    ),
    *(
        # Of a page that is nobody's: what becomes of one is told in tests/dossier/test_scans.py.
        Door(name, "post", arguments=nothing, data=sent, answers=status(403, (404, CENTRE_ROLES)))
        for name, sent in (
            (
                "api_scanned_place",
                lambda g, k: {
                    "matter": g.matters["own"].code,
                    "paper": "receipt",
                    "reference": str(g.matters["own"].pk),
                    "page": 1,
                },
            ),
            ("api_scanned_aside", lambda g, k: {}),
        )
    ),
    # What the post may not print is not there for it.
    part("api_papers"),
    *(
        Door(
            name,
            method,
            arguments=lambda g, k, rest=rest: [*code(g, k), "receipt", g.matters[k].pk, *rest],
            data=lambda g, k, sent=sent: sent,
            answers=status(404, (403, ADMINISTRATORS), (number, PRINTS)),
            of_matter=True,
            unseen=404,
        )
        for name, method, rest, number, sent in (
            ("api_paper", "get", ["docx"], 200, {}),
            (
                "api_paper_served",
                "post",
                [],
                412,
                {"addressee": "本人", "method": "in_person", "served_at": TODAY},
            ),
        )
    ),
    Door(
        "api_study_material",
        arguments=lambda g, k: [g.study, g.files["handed"]],
        answers=one_there(reads_the_study),
    ),
]


def kept_by_leaders(county: int, town: int = 403, elsewhere: int = 404) -> Callable[[Who], int]:
    """What leaders keep: told to the centre of the county what is wrong with it, to a town of it that it is not
    theirs, to the city and to other counties that it is not there."""
    places = {"county": county, "town": town}
    return lambda who: places.get(who[1], elsewhere) if who[0] in LEADING else 403


def there(reads: Callable[[Who], bool]) -> Callable[[Who], int]:
    """There for every centre of its county, and for the city above."""
    return lambda who: 403 if not reads(who) else 404 if who[1] == "other" else 200


reads_the_pool = at_any_centre
A_ROOM = {
    "name": "恒叔调解室",
    "place": "东门路一号",
    "days": [1],
    "opens": "09:00",
    "closes": "12:00",
    "fields": ["02"],
}
# Earlier than anything began.
ENDED = {"last": "2001-01-01"}
HOURS = {"lawyer_id": BY_HAND, "begins": "09:00", "ends": "12:00"}


def keeping_the_pool() -> Iterator[Door]:
    """Nobody writes anything: it is of nobody, before its time, or of another version."""
    everywhere = kept_by_leaders(422, 422, 422)
    nowhere = kept_by_leaders(404, 404, 404)
    ways: tuple[tuple[str, str, dict[str, Any], Callable[[Who], int]], ...] = (
        ("api_rooms", "", A_ROOM | {"code": "x", "valid_from": "2026-01-01", "fields": ["00"]}, everywhere),
        ("api_room_amend", "room", A_ROOM, kept_by_leaders(412)),
        ("api_room_end", "room", ENDED, kept_by_leaders(422)),
        (
            "api_room_people",
            "room",
            {"person_id": BY_HAND, "valid_from": "2026-01-01"},
            kept_by_leaders(422),
        ),
        (
            "api_talents",
            "",
            {
                "name": "老黄",
                "profession": "elder",
                "origin": "村里",
                "fields": ["none"],
                "agreed_on": "2026-01-01",
                "valid_until": "2027-01-01",
            },
            everywhere,
        ),
        ("api_talent_end", "talent", ENDED, kept_by_leaders(422)),
        (
            "api_market",
            "",
            {"name": "某某", "kind": "none", "licence": "证号", "valid_from": "2026-01-01"},
            everywhere,
        ),
        ("api_market_fees", "market", {"text": "每件", "valid_from": "2001-01-01"}, kept_by_leaders(422)),
        ("api_market_end", "market", ENDED, kept_by_leaders(422)),
        ("api_lawyer_turns", "", HOURS | {"weekday": 1, "valid_from": "2026-01-01"}, everywhere),
        ("api_lawyer_days", "", HOURS | {"day": "2026-01-01", "kind": "extra"}, everywhere),
        ("api_lawyer_turn_end", "turn", ENDED, kept_by_leaders(422)),
        (
            "api_mediators",
            "",
            {"stationing_id": BY_HAND, "fields": ["07"], "valid_from": "2026-01-01"},
            lambda who: 403 if at_any_centre(who) == 403 else 422,
        ),
    )
    for name, of, sent, answers in ways:
        yield Door(
            name,
            "post",
            arguments=lambda g, k, of=of: [getattr(g, of)] if of else [],
            data=lambda g, k, sent=sent: sent,
            answers=answers,
        )
    yield Door(
        "api_room_people_end",
        "post",
        arguments=lambda g, k: [g.room, BY_HAND],
        data=lambda g, k: ENDED,
        answers=nowhere,
    )
    # The register of mediators asks its own policy: of the county every centre may read it, of the city too.
    yield Door(
        "api_mediator_end",
        "post",
        arguments=lambda g, k: [g.mediator],
        data=lambda g, k: ENDED,
        answers=lambda who: (
            403
            if at_any_centre(who) == 403
            else 404
            if who[1] == "other"
            else kept_by_leaders(422, 403, 403)(who)
        ),
    )


def approving(who: Who) -> int:
    """The director and the executive deputy there."""
    return 404 if who[0] in LEADING[:2] and who[1] != "town" else 403


def uploading_by_api(who: Who) -> int:
    """Nobody's template: the leaders and dispatchers of the county and the city hear that it is not there."""
    return {422: 404}.get(uploading(who), uploading(who))


DOORS += [
    Door("api_rooms", answers=reads_the_pool),
    Door("api_room", arguments=lambda g, k: [g.room], answers=there(lambda who: reads_the_pool(who) == 200)),
    Door("api_lawyers", answers=reads_the_pool),
    Door("api_matter_lawyers", arguments=code, answers=reads_the_pool, of_matter=True, unseen=404),
    Door("api_market", answers=reads_the_pool),
    Door("api_talents", answers=reads_the_pool),
    Door("api_mediators", answers=reads_the_pool),
    Door("api_mediators_to_enter", answers=status(403, (200, LEADING))),
    *keeping_the_pool(),
    Door("api_form_kinds", answers=at_any_centre),
    Door("api_form_templates", answers=at_any_centre),
    # No file: whoever asks.
    Door("api_form_templates", "post", answers=lambda who: 422),
    Door("api_shipped_template", arguments=lambda g, k: ["record"], answers=at_any_centre),
    Door(
        "api_form_template_file",
        arguments=lambda g, k: [g.template],
        answers=lambda who: (
            200 if has_the_county_s_templates(who) == 200 else 404 if who[0] in CENTRE_ROLES else 403
        ),
    ),
    *(
        Door(
            f"api_form_template_{verb}",
            "post",
            arguments=nothing,
            data=lambda g, k, sent=sent: sent,
            answers=answers,
        )
        for verb, sent, answers in (
            ("approve", {"valid_from": "2026-01-01"}, approving),
            ("drop", {}, uploading_by_api),
            ("end", {"last_day": "2026-01-01"}, approving),
        )
    ),
]
# Rules are read by whoever works at a centre; of a replay each sees their own: tests/api/test_rules.py.
DOORS += [
    Door("api_rules", answers=at_a_centre(200)),
    Door("api_rule_table", arguments=lambda g, k: ["track"], answers=at_a_centre(200)),
    Door("api_rule_versions", arguments=lambda g, k: ["track"], answers=at_a_centre(200)),
    Door("api_rule_version", arguments=nothing, answers=at_a_centre(404)),
    Door("api_replay", arguments=nothing, answers=at_a_centre(404)),
    Door("api_replayed", arguments=nothing, answers=at_a_centre(404)),
]
CONSULTING = {
    "facts": "十二名工人两个月没有领到工资。",
    "question": "工资能否优先受偿，先走哪个程序？",
    "meets_at": "2026-11-30T09:00:00+08:00",
    "way": "room",
    "place": "中心三楼",
    "chair": str(UUID(int=7)),
    "outsiders": [{"name": "李教授", "capacity": "expert"}],
}
consulting = status(403, (200, (*CENTRE_ROLES, Role.HANDLER)))


def of_consultations(number: int, otherwise: int = 404) -> Callable[[Who], int]:
    """Posts of a centre that see the matter; whoever takes part in none is told so."""

    def answers(who: Who) -> int:
        if consulting(who) == 403:
            return 403
        return number if who[0] in CENTRE_ROLES and "handed" in SEEN[who] else otherwise

    return answers


DOORS += [
    Door("api_consultations", answers=consulting, shows=handed(lambda who: who[0] in CENTRE_ROLES)),
    Door(
        "api_consultation",
        arguments=lambda g, k: [g.consultation],
        answers=one_there(lambda who: who[0] in CENTRE_ROLES),
        shows=handed(lambda who: who[0] in CENTRE_ROLES),
    ),
    Door(
        "api_consultation_call",
        "post",
        arguments=code,
        data=lambda g, k: CONSULTING,
        answers=status(412, (403, ADMINISTRATORS)),
        of_matter=True,
        unseen=404,
    ),
    *(
        Door(
            f"api_consultation_{name}",
            "post",
            arguments=lambda g, k: [g.consultation],
            data=lambda g, k, sent=sent: sent,
            answers=of_consultations(412),
        )
        for name, sent in (
            ("invite", {"outsiders": CONSULTING["outsiders"]}),
            ("sign", {"opinion": "应先申请支付令，再申请保障金。"}),
            ("follow", {"followed": "yes"}),
            ("off", {"reason": "双方已经和解"}),
        )
    ),
    # The mediator's own opinion is in; others that see it were not asked.
    Door(
        "api_consultation_reply",
        "post",
        arguments=lambda g, k: [g.consultation],
        data=lambda g, k: {"answer": "comes"},
        answers=lambda who: 409 if who == (Role.MEDIATOR, "county") else of_consultations(404)(who),
    ),
    Door(
        "api_consultation_opinion",
        "post",
        arguments=lambda g, k: [g.consultation],
        data=lambda g, k: {"text": "工资债权不优先于抵押权。"},
        answers=lambda who: 409 if who == (Role.MEDIATOR, "county") else of_consultations(404)(who),
    ),
]
ADVISER = {
    "kind": "chief",
    "name": "周律师",
    "what_for": "劳动争议",
    "appointed_by": "县委政法委",
    "basis": "文件",
    "valid_from": "2026-02-01",
    "valid_until": "2026-01-01",
}
DOORS += [
    Door("api_advisers", answers=at_any_centre),
    Door("api_adviser_new", "post", data=lambda g, k: ADVISER, answers=status(403, (422, LEADING))),
    Door(
        "api_adviser_end",
        "post",
        arguments=lambda g, k: [g.adviser],
        data=lambda g, k: {"last": "2020-01-01"},
        answers=lambda who: 403 if who[0] not in LEADING else 422 if who[1] in ("county", "town") else 404,
    ),
]
TEAM = {
    "kind": "village",
    "name": "黄泥坑小组",
    "division": "110000000000",
    "mandate": "日常联系村里，一起想办法。",
    "valid_from": "2026-01-01",
}


def of_teams(usual: int, leaders: int) -> Callable[[Who], int]:
    """Posts of a centre of the county; its leaders; for a department in which nobody sits there is none."""

    def answers(who: Who) -> int:
        if consulting(who) == 403:
            return 403
        if who[0] is Role.HANDLER or who[1] == "other":
            return 404
        return leaders if who[0] in LEADING and who[1] == "county" else usual

    return answers


DOORS += [
    Door("api_teams", answers=consulting),
    Door("api_team_tasks", answers=consulting, shows=handed(lambda who: who[0] in CENTRE_ROLES)),
    Door(
        "api_team",
        arguments=lambda g, k: [g.team],
        answers=of_teams(200, 200),
        shows=handed(lambda who: who[0] in CENTRE_ROLES),
    ),
    Door(
        "api_team_new",
        "post",
        data=lambda g, k: TEAM,
        answers=status(403, (422, LEADING)),
    ),
    *(
        Door(
            f"api_team_{name}",
            "post",
            arguments=lambda g, k: [g.team],
            data=lambda g, k, sent=sent: sent,
            answers=of_teams(403, refused),
        )
        for name, sent, refused in (
            ("seat", {"seat": "head", "name": "老李"}, 409),
            ("leave", {"member_id": str(UUID(int=7))}, 422),
            ("dissolve", {"summary": "工资已全部发放，专班任务完成。"}, 409),
        )
    ),
    Door(
        "api_team_task",
        "post",
        arguments=lambda g, k: [g.team],
        data=lambda g, k: {"what": "核对工资表。", "member_id": str(UUID(int=7)), "due_on": TODAY[:10]},
        answers=lambda who: 422 if who == (Role.MEDIATOR, "county") else of_teams(403, 422)(who),
    ),
    Door(
        "api_team_task_end",
        "post",
        arguments=lambda g, k: [g.task, "drop"],
        data=lambda g, k: {"came_of": "不要"},
        answers=lambda who: (
            403
            if consulting(who) == 403
            else (422 if who[0] in LEADING and who[1] == "county" else 403)
            if who[0] in CENTRE_ROLES and "handed" in SEEN[who]
            else 404
        ),
    ),
    *(
        Door(
            f"api_team_{name}",
            "post",
            arguments=lambda g, k: [*code(g, k), g.team],
            data=lambda g, k, sent=sent: sent,
            answers=status(403, (412, (*CENTRE_ROLES,)), (404, [Role.HANDLER])),
            of_matter=True,
            unseen=404,
        )
        for name, sent in (("give", {"words": "牵头协调。"}), ("back", {"came_of": "已经发放。"}))
    ),
]
importing = status(403, (200, LEADING))
nobodys_import = status(403, (404, LEADING))
DOORS += [
    Door("api_mappings", answers=importing),
    Door("api_import_template", answers=importing),
    Door("api_imports", answers=importing),
    # Without a file the shape is wrong, whoever asks; with one: test_a_ledger_is_sent_in_by_leaders_alone.
    Door("api_imports", "post", answers=status(422)),
    # Nobody's import but one's own: whose is whose is in tests/api/test_imports.py.
    Door("api_import", arguments=nothing, answers=nobodys_import),
    Door("api_import_problems", arguments=nothing, answers=nobodys_import),
    Door("api_import_bad_rows", arguments=nothing, answers=nobodys_import),
    *(
        Door(f"api_import_{act}", "post", arguments=nothing, answers=nobodys_import)
        for act in ("recheck", "confirm", "drop", "resume")
    ),
]

taking_part = status(200, (403, (Role.COMMISSION, Role.EXCHANGE, *ADMINISTRATORS)))


def of_whistle(ground: SightGround, key: str) -> list[Any]:
    return [ground.whistles[key].pk]


def of_call(department: str) -> Callable[[SightGround, str], list[Any]]:
    return lambda ground, key: [*of_whistle(ground, key), ground.calls[key, department]]


def about_a_call(may: Callable[[Who], bool]) -> Callable[[Who], int]:
    """Whoever may hears that it is not the time (409); who sees the whistle 403; nobody else that it is there."""
    return lambda who: (
        403 if taking_part(who) == 403 else 409 if may(who) else 403 if "own" in WHISTLES[who] else 404
    )


DOORS += [
    Door("api_whistles", answers=taking_part, shows=lambda who: SEEN[who] & WHISTLES[who]),
    Door(
        "api_whistles",
        "post",
        # No such department: whoever may blow hears of it, nobody else.
        data=lambda g, k: {
            "departments": [NOBODY],
            "place_kind": "event",
            "place": "现场",
            "message": "请来人",
        },
        answers=status(403, (422, BLOWS)),
    ),
    # Each whistle of the ground: test_a_whistle_is_there_for_whom_the_matrix_says.
    Door(
        "api_whistle",
        arguments=of_whistle,
        answers=lambda who: (
            404 if taking_part(who) == 200 and "own" not in WHISTLES[who] else taking_part(who)
        ),
        shows=lambda who: SEEN[who] & WHISTLES[who] & {"own"},
    ),
    # Not ended: told to who called, in the post that called.
    Door(
        "api_call_score",
        "post",
        arguments=of_call("labour"),
        data=lambda g, k: {"score": 5, "reason": "来得很快，处置得当"},
        answers=about_a_call(lambda who: who == (Role.REGISTRAR, "county")),
    ),
    # Ended: nobody is on the way any more. Told to the called department.
    *(
        Door(
            f"api_call_{to}",
            "post",
            arguments=of_call("housing"),
            data=lambda g, k, sent=sent: sent,
            answers=about_a_call(lambda who: who == (Role.HANDLER, "housing")),
        )
        for to, sent in (("on_the_way", {}), ("there", {}), ("done", {"result": "已经处置"}))
    ),
    # The centre that called, whoever blew it.
    Door(
        "api_call_stood_down",
        "post",
        arguments=of_call("housing"),
        data=lambda g, k: {"result": "不用来了"},
        answers=about_a_call(lambda who: who[1] == "county" and "own" in WHISTLES[who]),
    ),
]


KEPT_FROM: list[Who] = [
    (Role.REGISTRAR, "county"),
    (Role.PETITION_OFFICER, "county"),
    (Role.EXECUTIVE_DEPUTY, "county"),
    (Role.HANDLER, "labour"),
]


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SightGround]:
    with django_db_blocker.unblock():
        yield lay()
        template_database.copy_template()


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGQIAO_API_RATE", "100000")
    limits.forget()


def text_of(response: Any) -> str:
    """Everything that an answer tells, JSON as it is read, and what is inside a packed file."""
    if response.content[:2] == b"PK":
        return unpacked(response)
    body = response.content.decode(errors="replace")
    if "json" in response.headers.get("Content-Type", ""):
        body = json.dumps(response.json(), ensure_ascii=False)
    return f"{dict(response.headers)} {body}"


def called(client: Client, ground: SightGround, door: Door, key: str) -> Any:
    address = reverse(door.name, args=door.arguments(ground, key))
    data = door.data(ground, key)
    if door.method == "get":
        return client.get(address, data)
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": '"999"'}
    return getattr(client, door.method)(address, data, content_type="application/json", headers=headers)


def check(
    ground: SightGround, door: Door, posts: Iterable[Who] = POSTS, *, every_unseen: bool = False
) -> None:
    """Calls a door as each post (on matters that take turns) and compares with what the table says."""
    wrong = {}
    for who in posts:
        for key in tried(who, door, every_unseen=every_unseen):
            wanted = door.answers(who)
            if door.of_matter and key not in SEEN[who] and wanted != 403:
                wanted = door.unseen
            response = called(browser_of(ground, who), ground, door, key)
            asked = {key} if door.of_matter else set()
            problem = told(ground, who, door, text_of(response), asked)
            if response.status_code != wanted or problem:
                wrong[who, key] = (response.status_code, wanted, problem)
    assert wrong == {}, str(door)


def test_every_door_is_in_the_table() -> None:
    actions = {f"api_act_{action}" for action in SAMPLES}
    actions |= {f"api_handle_{action}" for action in OF_DEPARTMENTS}
    assert {each.name for each in urlpatterns} == {door.name for door in DOORS} | actions


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_each_door_answers_each_post_as_the_table_says(ground: SightGround, door: Door) -> None:
    check(ground, door, in_turn(door))


def test_every_post_has_its_turn_at_many_doors() -> None:
    tries = Counter(who for door in DOORS for who in in_turn(door))
    assert min(tries[who] for who in POSTS) >= len(DOORS) // 10


@pytest.mark.parametrize("action", SAMPLES)
def test_an_action_is_there_only_for_who_sees_the_matter(ground: SightGround, action: Action) -> None:
    door = Door(f"api_act_{action}", "post", code, data=lambda g, k: SAMPLES[action], of_matter=True)
    wrong = {}
    for who in [*KEPT_FROM, (Role.AUDITOR, "county")]:
        for key in tried(who, door):
            response = called(browser_of(ground, who), ground, door, key)
            hidden = response.status_code == 404
            # What is seen has another version than 999, or is refused for another reason: nothing is done.
            done = response.status_code < 400
            if done or hidden == (key in SEEN[who]) or told(ground, who, door, text_of(response), {key}):
                wrong[who, key] = response.status_code
    assert wrong == {}


@pytest.mark.parametrize("action", OF_DEPARTMENTS)
def test_a_dispatch_is_there_only_for_who_sees_its_matter(
    ground: SightGround, action: AssignmentAction
) -> None:
    wrong = {}
    for key in TRIED:
        given = assignments(ground.county, ground.matters[key])
        place = [*code(ground, key), given[0].pk if given else NOBODY]
        door = Door(
            f"api_handle_{action}",
            "post",
            arguments=lambda g, k, place=place: place,
            data=lambda g, k: OF_DEPARTMENTS[action],
        )
        for who in [*KEPT_FROM, (Role.AUDITOR, "county")]:
            response = called(browser_of(ground, who), ground, door, key)
            there = bool(given) and key in SEEN[who]
            done = response.status_code < 400
            if (
                done
                or (response.status_code == 404) == there
                or told(ground, who, door, text_of(response), {key})
            ):
                wrong[who, key] = response.status_code
    assert wrong == {}


def test_a_file_is_added_only_by_who_sees_the_matter(ground: SightGround) -> None:
    wrong = {}
    for who in [*KEPT_FROM, (Role.AUDITOR, "county")]:
        for key in TRIED:
            answer = browser_of(ground, who).post(
                reverse("api_files", args=code(ground, key)),
                {"file": SimpleUploadedFile("a.pdf", PDF)},
                headers={"Idempotency-Key": str(uuid4()), "If-Match": '"999"'},
            )
            if answer.status_code != (412 if key in SEEN[who] else 404):
                wrong[who, key] = answer.status_code
    assert wrong == {}


def _whistles_told(ground: SightGround, posts: Iterable[Who]) -> dict[Any, Any]:
    """Where the list of whistles, or the door of one, tells a post another thing than the matrix."""
    wrong = {}
    for who in posts:
        client = browser_of(ground, who)
        items = client.get(reverse("api_whistles"), {"size": 100}).json()["items"]
        listed = {ground.whistle_keys[UUID(each["id"])] for each in items}
        scored = {
            ground.whistle_keys[UUID(each["id"])]
            for each in items
            if any(call["score"] for call in each["calls"])
        }
        opened = {
            key
            for key in ground.whistles
            if client.get(reverse("api_whistle", args=of_whistle(ground, key))).status_code == 200
        }
        if (listed, opened, scored) != (WHISTLES[who], WHISTLES[who], SCORED[who]):
            wrong[who] = (listed, opened, scored)
    return wrong


def test_a_whistle_is_there_for_whom_the_matrix_says(ground: SightGround) -> None:
    posts = [who for who in POSTS if taking_part(who) == 200]
    assert _whistles_told(ground, posts) == {}


def test_without_visible_to_whistles_would_tell(ground: SightGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whistles, "whistles_visible_to", lambda actor: Whistle.objects.all())
    assert _whistles_told(ground, [(Role.HANDLER, "labour")]) != {}


def test_a_ledger_is_sent_in_by_leaders_alone(ground: SightGround) -> None:
    """No ledger: whoever may send one in hears that, at a centre with an exchange post; nobody else."""
    wrong = {}
    for who in POSTS:
        answer = browser_of(ground, who).post(
            reverse("api_imports"),
            {"file": SimpleUploadedFile("a.pdf", PDF)},
            headers={"Idempotency-Key": str(uuid4())},
        )
        if answer.status_code != status(403, (422, LEADING))(who):
            wrong[who] = answer.status_code
    assert wrong == {}


def test_who_is_not_signed_in_is_shown_no_door(ground: SightGround) -> None:
    open_to_all = {"api_openapi": 200, "api_docs": 200, "api_nowhere": 404}
    for door in DOORS:
        response = called(Client(), ground, door, "own")
        assert response.status_code == open_to_all.get(door.name, 401), str(door)
        assert not any(matter.title in text_of(response) for matter in ground.matters.values())


def test_a_machine_sees_what_its_exchange_post_sees(ground: SightGround) -> None:
    """A token instead of a session: the same line of the matrix."""
    wrong = {}
    for place in ("county", "town", "city", "other"):
        who = (Role.EXCHANGE, place)
        made, secret = issued(ground.county, place)
        program = Client(headers={"Authorization": f"Bearer {token_of(made, secret)}"})
        listed = text_of(program.get(reverse("api_matters"), {"size": 100}))
        for key, matter in ground.matters.items():
            opened = program.get(reverse("api_matter", args=[matter.code])).status_code
            if (matter.code in listed, opened) != ((True, 200) if key in SEEN[who] else (False, 404)):
                wrong[who, key] = opened
    assert wrong == {}


def _told_in_bulk(ground: SightGround, posts: Iterable[Who]) -> dict[Any, Any]:
    """What bulk work tells beyond the matrix: a matter that is not seen is as one that never was."""
    wrong = {}
    for who in posts:
        client = browser_of(ground, who)
        for key in ground.matters:
            for name in ("api_preview_dispatch", "api_bulk_dispatch"):
                door = Door(name, "post", data=lambda g, k: in_bulk(g, "dispatch", k))
                answer = called(client, ground, door, key)
                (line,) = answer.json()["items"]
                hidden = line["problem"]["rule"] == "matter_not_found"
                blank = line["state"] is line["step"] is line["version"] is None
                if (hidden, blank) != ((False, False) if key in SEEN[who] else (True, True)) or told(
                    ground, who, door, text_of(answer), {key}
                ):
                    wrong[who, key, name] = line
    return wrong


BULK_POSTS: list[Who] = [
    (Role.DISPATCHER, "county"),
    (Role.EXECUTIVE_DEPUTY, "county"),
    (Role.DIRECTOR, "city"),
]


def test_bulk_work_tells_nothing_of_a_matter_that_is_not_seen(ground: SightGround) -> None:
    assert _told_in_bulk(ground, BULK_POSTS) == {}


def test_without_visible_to_bulk_work_would_tell(
    ground: SightGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MatterQuerySet, "visible_to", lambda self, actor: self.all())
    assert _told_in_bulk(ground, BULK_POSTS[:2]) != {}


def _exported(ground: SightGround, who: Who) -> str:
    """The file of an export of everything, ordered and fetched through the API."""
    client, actor = browser_of(ground, who), ground.actor(*who)
    made = client.post(
        reverse("api_exports"),
        {"kind": "csv"},
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    ).json()
    exporting.write(run_id=UUID(made["id"]), county=actor.county, person_id=actor.person_id)
    answer = client.get(reverse("api_export_file", args=[made["id"]]))
    assert answer.status_code == 200
    return str(answer.content.decode("utf-8-sig"))


def test_an_export_holds_what_is_seen_but_nothing_restricted(ground: SightGround) -> None:
    wrong = {}
    for who in (each for each in POSTS if each[0] not in ADMINISTRATORS):
        text = _exported(ground, who)
        for key, matter in ground.matters.items():
            held = (matter.code in text, matter.title in text)
            if held != ((True, True) if key in SEEN[who] - {"restricted"} else (False, False)):
                wrong[who, key] = held
    assert wrong == {}


SEEING = [
    door
    for door in DOORS
    if door.of_matter or str(door) in ("get api_matters", "get api_matters restricted", "post api_search")
]


@pytest.mark.parametrize("door", SEEING, ids=str)
def test_without_visible_to_the_door_fails(
    ground: SightGround, monkeypatch: pytest.MonkeyPatch, door: Door
) -> None:
    monkeypatch.setattr(MatterQuerySet, "visible_to", lambda self, actor: self.all())
    with pytest.raises(AssertionError):
        for who in KEPT_FROM:
            check(ground, door, [who], every_unseen=True)
