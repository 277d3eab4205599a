"""Who calls a consultation, who chairs it, and what of it each sees."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.counsel.enums import TAKES_PART, Reply
from fengqiao.counsel.models import Consultation, Invitee, Member, Team, TeamMatter, TeamTask
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter

CALLERS = LEADERS | {Role.MEDIATOR}


def may_call(actor: Actor, matter: Matter) -> bool:
    """A leader or a mediator of the centre that holds the matter."""
    return actor.role in CALLERS and actor.centre_id is not None and actor.centre_id == matter.holder_id


def may_list(actor: Actor) -> bool:
    """Whoever can call one or be invited to one."""
    return actor.role in CENTRE_ROLES | {Role.HANDLER}


def check_may_list(actor: Actor) -> None:
    """Raises ``NotAllowed`` where ``may_list`` says no."""
    if not may_list(actor):
        raise NotAllowed("post_takes_no_part", _("这个岗位不参加法律会诊。"))


def consultations_visible_to(actor: Actor) -> QuerySet[Consultation]:
    """Those to which this person is invited, and for posts of a centre those of the matters that they see.

    Who has declined or stepped aside sees a consultation no more by the invitation; who stepped aside by nothing.
    """
    if not may_list(actor):
        return Consultation.objects.none()
    mine = Invitee.objects.filter(consultation_id=OuterRef("pk"), person_id=actor.person_id)
    invited = own_invitations(actor).filter(consultation_id=OuterRef("pk"), reply__in=TAKES_PART)
    seen = Q(Exists(invited))
    if actor.role in CENTRE_ROLES:
        seen |= Q(matter__in=Matter.objects.visible_to(actor).order_by().values("pk"))
    found = Consultation.objects.filter(seen, county__in=actor.counties)
    return found.exclude(Exists(mine.filter(reply=Reply.RECUSED)))


def own_invitations(actor: Actor) -> QuerySet[Invitee]:
    """What this person was asked to, in the post in which they act."""
    if actor.post_id is None:
        return Invitee.objects.none()
    return Invitee.objects.filter(person_id=actor.person_id, post_id=actor.post_id)


def may_read_teams(actor: Actor) -> bool:
    """Whoever works at a centre, and handlers of departments: of these each the teams in which they sit."""
    return actor.role in CENTRE_ROLES | {Role.HANDLER}


def check_may_read_teams(actor: Actor) -> None:
    """Raises ``NotAllowed`` where ``may_read_teams`` says no."""
    if not may_read_teams(actor):
        raise NotAllowed("post_takes_no_part", _("这个岗位不看三人小组和专班。"))


def may_set_up(actor: Actor) -> bool:
    """A leader, for their own centre."""
    return actor.role in LEADERS and actor.centre_id is not None


def check_may_set_up(actor: Actor) -> None:
    """Raises ``NotAllowed`` where ``may_set_up`` says no."""
    if not may_set_up(actor):
        raise NotAllowed("post_may_not_set_up", _("三人小组和专班由中心领导组建。"))


def may_keep_team(actor: Actor, team: Team) -> bool:
    """A leader of the centre that set it up."""
    return may_set_up(actor) and actor.centre_id == team.centre_id


def check_may_keep_team(actor: Actor, team: Team) -> None:
    """Raises ``NotAllowed`` where ``may_keep_team`` says no."""
    if not may_keep_team(actor, team):
        raise NotAllowed("post_may_not_keep_team", _("由组建它的中心的领导办理。"))


def memberships_of(actor: Actor) -> QuerySet[Member]:
    """The seats that this person has now, in the post in which they act."""
    if actor.post_id is None:
        return Member.objects.none()
    return Member.objects.filter(person_id=actor.person_id, post_id=actor.post_id, until=None)


def member_of(actor: Actor, team: Team) -> Member | None:
    """The own seat in a team."""
    return memberships_of(actor).filter(team=team).first()


def may_finish(actor: Actor, task: TeamTask) -> bool:
    """Whose turn it is; for a member without a post a leader of the centre that keeps the team."""
    member = task.member
    if member.person_id is None:
        return may_keep_team(actor, task.team)
    return (member.person_id, member.post_id) == (actor.person_id, actor.post_id)


def teams_visible_to(actor: Actor) -> QuerySet[Team]:
    """All of the county for posts of its centres; for a handler those in which they sit."""
    if not may_read_teams(actor):
        return Team.objects.none()
    found = Team.objects.filter(county__in=actor.counties)
    if actor.role in CENTRE_ROLES:
        return found
    return found.filter(pk__in=memberships_of(actor).values("team_id"))


def charges_visible_to(actor: Actor) -> QuerySet[TeamMatter]:
    """What teams have in hand, of matters that the post sees."""
    if actor.role not in CENTRE_ROLES:
        return TeamMatter.objects.none()
    return TeamMatter.objects.filter(matter__in=Matter.objects.visible_to(actor).order_by().values("pk"))


def tasks_visible_to(actor: Actor) -> QuerySet[TeamTask]:
    """Those of the own teams; and for posts of a centre those of no matter and of matters that they see."""
    if not may_read_teams(actor):
        return TeamTask.objects.none()
    seen = Q(team__in=memberships_of(actor).order_by().values("team_id"))
    if actor.role in CENTRE_ROLES:
        matters = Matter.objects.visible_to(actor).order_by().values("pk")
        seen |= Q(matter__isnull=True) | Q(matter__in=matters)
    return TeamTask.objects.filter(seen, county__in=actor.counties)


def check_may_read_advisers(actor: Actor) -> None:
    """The roster is read by whoever works at a centre."""
    if actor.role not in CENTRE_ROLES:
        raise NotAllowed("post_may_not", _("法律顾问名册由综治中心的人员查看。"))


def may_keep_advisers(actor: Actor) -> bool:
    """A leader, for the county of their centre."""
    return may_set_up(actor)


def check_may_keep_advisers(actor: Actor) -> None:
    """Raises ``NotAllowed`` where ``may_keep_advisers`` says no."""
    if not may_keep_advisers(actor):
        raise NotAllowed("post_may_not_keep_advisers", _("法律顾问名册由中心领导登记。"))
