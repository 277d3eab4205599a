"""What happened to a paper, as the history of its matter says it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fengqiao.dossier.enums import PaperAction, PaperKind
from fengqiao.dossier.forms import forms


def of_a_paper(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """Which paper; of a signed copy, which of its pages."""
    parts = []
    if action != PaperAction.SERVED:
        title = next((form.title for form in forms() if form.code == parameters.get("form")), "")
        kind = parameters.get("paper")
        parts.append(title or (str(PaperKind(kind).label) if kind in PaperKind.values else ""))
        pages = "、".join(map(str, parameters.get("pages") or []))
        if pages:
            parts.append(
                _("第 %(pages)s 页，共 %(of)s 页") % {"pages": pages, "of": parameters.get("of", "")}
            )
    return str(PaperAction(action).label), " · ".join(part for part in parts if part)


WORDS = PaperAction, of_a_paper
