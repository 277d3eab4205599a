"""What the archive of the played county has: files of long ago whose time is over, and a template of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from docx import Document

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.domain import binding
from fengqiao.dossier.models import FormTemplate, Volume
from fengqiao.dossier.queries.disposal import over_at
from fengqiao.dossier.templates import place_of
from fengqiao.flows import disposing, templates
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, settling
from fengqiao.matters.domain.registration import register
from fengqiao.matters.domain.settling import VisitReport
from fengqiao.matters.enums import Channel, ClaimKind, PartyRole, Satisfaction, VisitMethod
from fengqiao.matters.intake import NewClaim, NewMatter, NewParty
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import mediating
from fengqiao.mediation.enums import Result
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.turns import Turn

# Written down in the year in which the files are of: what was to be kept for ten years is over.
SOURCE = "old-files"
YEAR = 2015
OLD_FILES = (
    ("屋檐滴水打湿邻家墙脚", "0201", "把檐口接上水槽，墙脚由他补好。", "吴志平", "陈炳坤"),
    ("村口鱼塘排水淹了菜地", "0201", "塘主先清水沟，再赔菜苗两垄。", "梁秀英", "黎国雄"),
    ("分家后老屋的门由谁走", "0103", "正门共用，后门归长房，写在族谱旁。", "岑焕文", "岑焕章"),
    ("借出的谷种没有还", "0804", "秋收后还三百斤，多还二十斤作谢。", "郑桂荣", "聂明"),
)
APPROVED, WAITING = 2, 1
GROUNDS = "保管期限已满，事项早已了结，无继续保存价值。"
DECISION = "同意销毁，清册长期保存。"
OWN_FORM, WAITING_FORM = "record", "visit"
WHY = "按市司法局要求，在页眉写明本县样式的编号。"


def keep(cast: Cast) -> None:
    """Once: what is there stays."""
    director = cast.director(cast.county_centre.id)
    dispatcher, registrar, mediator = (
        next((each for each in cast.at_centre.get(cast.county_centre.id, ()) if each.role is role), None)
        for role in (Role.DISPATCHER, Role.REGISTRAR, Role.MEDIATOR)
    )
    if director is None or dispatcher is None or registrar is None or mediator is None:
        return
    _set_templates(dispatcher, director)
    with scope(director):
        if Matter.objects.filter(county=director.county, source=SOURCE).exists():
            return
    volumes = [_old_file(place, registrar, mediator, director, dispatcher) for place in range(len(OLD_FILES))]
    for volume in volumes:
        binding.bind(volume_id=volume.pk, county=volume.county, person_id=volume.person_id)
    with scope(dispatcher):
        over = list(over_at(dispatcher).values_list("pk", flat=True))
    first = disposing.propose(actor=dispatcher, volumes=over[:APPROVED], grounds=GROUNDS)
    disposing.decide(actor=director, batch_id=first.pk, approved=True, decision=DECISION)
    disposing.propose(actor=dispatcher, volumes=over[APPROVED : APPROVED + WAITING], grounds=GROUNDS)


def _old_file(place: int, registrar: Actor, mediator: Actor, director: Actor, dispatcher: Actor) -> Volume:
    """One quarrel of that year, from the window to the archive, by the same verbs."""
    title, category, agreed, petitioner, respondent = OLD_FILES[place]
    came = datetime(YEAR, 3 + place, 9, 9, 30, tzinfo=clock.SHANGHAI)
    new = NewMatter(
        title=title,
        received_at=came,
        channel=Channel.VISIT,
        account=f"{title}，来请中心调解。",
        category=category,
        claims=(NewClaim(ClaimKind.RESOLVE, "说清楚，以后好相处"),),
        parties=(NewParty(name=petitioner), NewParty(role=PartyRole.RESPONDENT, name=respondent)),
        source=SOURCE,
        source_number=f"{YEAR}-{place + 1}",
    )
    with clock.at(came):
        matter: Matter = _does(registrar, register, new=new)
        _does(registrar, accepting.accept, matter_id=matter.pk)
        with scope(registrar):
            parties = list(matter.parties.values_list("pk", flat=True))
        asked = {"consents": dict.fromkeys(parties, True), "mediator_id": mediator.person_id}
        _does(registrar, mediating.send_to_mediation, matter_id=matter.pk, **asked)
    with clock.at(came + timedelta(days=2)):
        said = {"result": Result.ORAL, "text": agreed}
        _does(mediator, mediating.record_mediation, matter_id=matter.pk, **said)
    with clock.at(came + timedelta(days=9)):
        report = VisitReport(method=VisitMethod.PHONE, reached=True, satisfaction=Satisfaction.SATISFIED)
        _does(registrar, settling.return_visit, matter_id=matter.pk, report=report)
        _does(dispatcher, settling.evaluate, matter_id=matter.pk, lawful=True, complete=True)
        _does(director, settling.close, matter_id=matter.pk)
    # For ten years and no longer, as was chosen when it was bound for the first time.
    chosen = _does(dispatcher, binding.order, matter_id=matter.pk, retention="ten")
    binding.bind(volume_id=chosen.pk, county=chosen.county, person_id=chosen.person_id)
    with clock.at(came + timedelta(days=30)):
        _does(dispatcher, settling.archive, matter_id=matter.pk)
    with scope(dispatcher):
        return Volume.objects.exclude(pk=chosen.pk).get(matter_id=matter.pk)


def _set_templates(dispatcher: Actor, director: Actor) -> None:
    """One in force, uploaded by one and approved by another; a second waits."""
    with scope(dispatcher):
        if FormTemplate.objects.filter(county=dispatcher.county).exists():
            return
    for form in (OWN_FORM, WAITING_FORM):
        made = templates.act(
            actor=dispatcher,
            verb="upload",
            form=form,
            name=f"{form}-恩平.docx",
            content=_with_heading(form),
            why=WHY,
        )
        if form == OWN_FORM:
            day = clock.today() + timedelta(days=1)
            templates.act(actor=director, verb="approve", template_id=made.pk, valid_from=day)


def _with_heading(form: str) -> bytes:
    document = Document(BytesIO(place_of(form).read_bytes()))
    document.sections[0].header.paragraphs[0].text = "恩平市人民调解文书（演示样式）"
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _does(actor: Actor, act: Any, **values: Any) -> Any:
    return Turn(actor, "archive.play", lambda who: act(actor=who, **values)).take()
