"""What was done with an agreement, as the history of its matter says it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fengqiao.agreements.enums import AgreementAction, Mark, Signer


def of_an_agreement(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """Whose mark, which term, on which day."""
    parts: list[str] = []
    if parameters.get("signer") in Signer.values:
        parts += [str(Signer(parameters["signer"]).label), str(Mark(parameters["mark"]).label)]
    if parameters.get("term"):
        parts.append(_("第 %(n)d 项") % {"n": int(parameters["term"])})
    if parameters.get("amount"):
        parts.append(f"¥ {parameters['amount']}")
    if parameters.get("on"):
        parts.append(str(parameters["on"]))
    return str(AgreementAction(action).label), " · ".join(parts)
