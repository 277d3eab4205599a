"""Studies as pages and the API show them: to each only what is theirs to see."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.study.enums import TAKES_PART, Reply, StudyState
from fengqiao.study.models import Invitation, Opinion, PackItem, Study
from fengqiao.study.policies import may_conclude, may_convene, studies_visible_to

INVITATIONS = Prefetch(
    "invitations",
    Invitation.objects.select_related("person", "member", "post", "post__centre", "post__department"),
)


@dataclass(frozen=True)
class Shown:
    """One study as the acting person sees it.

    ``mine`` is their own invitation. ``opinions`` are those that they may read now; ``hidden`` so many more are in.
    ``pack`` is empty once the study is over.
    """

    study: Study
    mine: Invitation | None
    opinions: list[Opinion]
    hidden: int
    pack: list[PackItem]
    may_reply: bool
    may_opine: bool
    may_convene: bool
    may_conclude: bool

    # A department reads what it was advised, and nothing of how it came about.
    may_see_members: bool


def study_by_id(actor: Actor, study_id: UUID) -> Study:
    """A study that the person sees; raises ``NotAllowed``."""
    found = (
        studies_visible_to(actor)
        .filter(pk=study_id)
        .select_related("matter", "matter__holder", "convened_by", "advised")
        .prefetch_related(INVITATIONS)
        .first()
    )
    if found is None:
        raise NotAllowed("study_not_found", _("没有这次研判，或您看不到它。"))
    return found


def seen_by(actor: Actor, *, mine: bool = False) -> QuerySet[Study]:
    """Every study that the person sees; only those to which they are invited, where asked."""
    found = studies_visible_to(actor).select_related("advised")
    if mine:
        invited = Invitation.objects.filter(person_id=actor.person_id, reply__in=TAKES_PART)
        found = found.filter(pk__in=invited.values("study_id"))
    return found


def shown(actor: Actor, study: Study) -> Shown:
    """What of the study this person sees now."""
    mine = next((each for each in study.invitations.all() if each.person_id == actor.person_id), None)
    is_open = study.state == StudyState.OPEN
    opinions = list(
        Opinion.objects.filter(study=study).select_related("invitation__person", "invitation__member")
    )
    own = [each for each in opinions if mine is not None and each.invitation_id == mine.pk]
    advised_only = mine is None and actor.role is Role.HANDLER
    # Nobody is led by what others wrote: their own comes first.
    readable = own if mine is not None and is_open and not own else opinions
    takes_part = mine is not None and mine.reply in TAKES_PART
    matter = study.matter
    seen = mine is None or Matter.objects.visible_to(actor).filter(pk=study.matter_id).exists()
    return Shown(
        study=study,
        mine=mine,
        opinions=[] if advised_only else readable,
        hidden=0 if advised_only else len(opinions) - len(readable),
        pack=list(pack_of(actor, study)) if is_open and not advised_only else [],
        may_reply=is_open and takes_part and not own,
        may_opine=is_open and mine is not None and mine.reply == Reply.COMES and not own,
        may_convene=is_open and seen and may_convene(actor, matter),
        may_conclude=is_open and seen and bool(opinions) and may_conclude(actor, matter),
        may_see_members=not advised_only,
    )


def pack_of(actor: Actor, study: Study) -> QuerySet[PackItem]:
    """What was laid before the members, as long as the study is open; for nobody afterwards."""
    if study.state != StudyState.OPEN:
        return PackItem.objects.none()
    found = PackItem.objects.filter(study=study, study__in=studies_visible_to(actor).order_by().values("pk"))
    return found.select_related("material", "material__file")


def to_lay(study: Study) -> list[MatterFile]:
    """The matter's materials that are not before the members yet, for whoever convenes."""
    there = PackItem.objects.filter(study=study).order_by().values("material_id")
    found = MatterFile.objects.filter(matter_id=study.matter_id).exclude(pk__in=there)
    return list(found.order_by("added_at", "id"))


def material_of(actor: Actor, study: Study, material_id: UUID) -> MatterFile:
    """One material of the pack; raises ``NotAllowed`` alike for what is not in it and what is over."""
    item = pack_of(actor, study).filter(material_id=material_id).first()
    if item is None:
        raise NotAllowed("file_not_found", _("研判材料里没有这一份，或研判已经结束。"))
    return item.material


def of_matter(actor: Actor, matter: Matter) -> list[Study]:
    """The studies of a matter that the post sees, the newest first."""
    return list(
        studies_visible_to(actor)
        .filter(matter_id=matter.pk)
        .select_related("convened_by", "advised")
        .prefetch_related(INVITATIONS, "opinions")
        .order_by("-convened_at", "-id")
    )


def waiting_for(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that this person has not answered, and studies that wait for their opinion; the nearest day first."""
    if actor.post_id is None:
        return Invitation.objects.none()
    return (
        Invitation.objects.filter(
            Q(reply=Reply.PENDING) | Q(reply=Reply.COMES, opinion__isnull=True),
            county__in=actor.counties,
            person_id=actor.person_id,
            post_id=actor.post_id,
            study__state=StudyState.OPEN,
        )
        .select_related("study", "matter", "matter__holder")
        .order_by("study__opinions_by", "id")
    )


def open_ones(actor: Actor) -> QuerySet[Study]:
    """Every study that is not over and that the person sees."""
    return (
        studies_visible_to(actor)
        .filter(state=StudyState.OPEN)
        .select_related("matter", "matter__holder", "convened_by")
        .prefetch_related(INVITATIONS, "opinions")
        .order_by("opinions_by", "id")
    )
