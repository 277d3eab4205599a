"""Recommendations as pages show them, and as the paper that goes out."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import Paper, chinese_date
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.leading.models import Recommendation
from fengqiao.leading.policies import recommendations_visible_to
from fengqiao.matters.models import Matter


def of_matter(actor: Actor, matter: Matter) -> list[Recommendation]:
    """Those that are drawn from the matter, newest first."""
    found = recommendations_visible_to(actor).filter(sources__matter_id=matter.pk)
    return list(found.select_related("department", "centre", "sent_by", "matter").order_by("-sent_at", "-id"))


def seen_by(actor: Actor) -> QuerySet[Recommendation]:
    """Every recommendation that the post sees."""
    return recommendations_visible_to(actor).select_related("matter", "department", "centre")


def by_id(actor: Actor, recommendation_id: UUID) -> Recommendation:
    """One that the post sees; raises ``NotAllowed`` alike for any other."""
    found = seen_by(actor).filter(pk=recommendation_id).first()
    if found is None:
        raise NotAllowed("recommendation_not_found", _("没有这份建议，或您的岗位看不到它。"))
    return found


# A paper is Chinese, in whatever language the screen of who prints it is.
@override("zh-hans")
def letters_of(actor: Actor, matter: Matter) -> list[Paper]:
    """The letters written from this matter's page: they name no party and no other matter."""
    if actor.role not in CENTRE_ROLES:
        return []
    found = recommendations_visible_to(actor).filter(matter_id=matter.pk)
    return [
        Paper(
            kind=PaperKind.RECOMMENDATION,
            reference=each.id,
            title="源头治理建议书",
            number=f"{each.county}综治建〔{each.year}〕{each.number}号",
            addressee=each.department.name,
            paragraphs=(
                f"我中心在办理矛盾纠纷中发现：{each.found}",
                f"为从源头上预防和减少同类问题，建议：{each.advice}",
                f"请于{chinese_date(each.reply_by)}前函复采纳情况。本建议不对具体事项的处理结果作认定。",
            ),
            signed_by=each.centre.name,
            dated=chinese_date(each.sent_at.astimezone(clock.SHANGHAI)),
        )
        for each in found.select_related("department", "centre").order_by("sent_at", "id")
    ]
