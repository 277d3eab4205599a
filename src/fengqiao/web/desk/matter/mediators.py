"""Whom a matter can be given to for mediation: those of the register first, with the reasons, then everybody else."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediators.enums import Fit
from fengqiao.mediators.queries.fitting import Fitting, fitting
from fengqiao.web.kit.choices import NOTHING, Choices, people_choices


def mediator_choices(matter: Matter) -> Choices:
    """The mediators of the centre that holds the matter."""
    everybody = people_choices(matter.holder_id, [Role.MEDIATOR])
    fit = fitting(matter, clock.today())
    if not fit:
        return everybody
    proposed = [(str(each.mediator.person_id), in_words(each)) for each in fit]
    named = {key for key, _label in proposed}
    others = [(key, label) for key, label in everybody if key and key not in named]
    groups: Choices = [NOTHING, (_("名册里的，合适的在前"), proposed)]
    return [*groups, (_("其他调解员"), others)] if others else groups


def in_words(fit: Fitting) -> str:
    """A mediator with the reasons, on one line of a list to choose from."""
    told = [fit.mediator.person.name, *(str(Fit(each).label) for each in fit.reasons)]
    told.append(ngettext("手上 %(n)d 件", "手上 %(n)d 件", fit.in_hand) % {"n": fit.in_hand})
    if fit.of_the_kind:
        told.append(
            ngettext("同类调解过 %(n)d 件", "同类调解过 %(n)d 件", fit.of_the_kind) % {"n": fit.of_the_kind}
        )
    if fit.namesake:
        told.append(_("与一方同名，请核对"))
    return " · ".join(told)
