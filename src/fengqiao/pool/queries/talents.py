"""Who is in the talent pool, and who of it was asked to help in a mediation."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter, Recusal
from fengqiao.mediation.models import Mediation
from fengqiao.pool.enums import Reply
from fengqiao.pool.models import Asked, Talent
from fengqiao.pool.policies import may_read
from fengqiao.rules.queries.key_fields import key_field_of


def listed(actor: Actor, day: date, *, field: str = "", language: str = "") -> QuerySet[Talent]:
    """Who can be asked on a day in the actor's counties, narrowed by a key field and a language."""
    if not may_read(actor):
        return Talent.objects.none()
    found = Talent.objects.filter(county__in=actor.counties, agreed_on__lte=day, valid_until__gte=day)
    if field:
        found = found.filter(fields__contains=[field])
    if language:
        found = found.filter(languages__contains=[language])
    return found.select_related("centre").order_by("name", "id")


def to_ask(matter: Matter) -> tuple[list[Talent], list[Talent]]:
    """Who can be asked to help in a matter: those of its key field, and everybody else.

    Left out is who stepped aside in the matter, and who is asked already.
    """
    today = clock.today()
    aside = Recusal.objects.filter(matter_id=matter.pk).values("person_id")
    asked = Asked.objects.filter(matter_id=matter.pk, mediation__ended_at=None).exclude(reply=Reply.DECLINED)
    found = Talent.objects.filter(county=matter.county, agreed_on__lte=today, valid_until__gte=today)
    found = found.filter(Q(person=None) | ~Q(person__in=aside)).exclude(pk__in=asked.values("talent_id"))
    field = key_field_of(matter.category, today)
    rows = list(found.defer("telephone").order_by("name", "id"))
    return [each for each in rows if field in each.fields], [
        each for each in rows if field not in each.fields
    ]


def asked_in(mediation: Mediation) -> list[Asked]:
    """Who was asked to help, in order."""
    return list(Asked.objects.filter(mediation=mediation).select_related("talent").defer("talent__telephone"))
