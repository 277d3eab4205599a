"""The signed copy of a paper as one PDF: its sheets as they were scanned, upright and in order."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from fengqiao.dossier.queries.signed_copies import SignedCopy
from fengqiao.dossier.volume import Material, Signed, copy_alone
from fengqiao.files.domain.storing import content_of
from fengqiao.kernel.errors import Refusal


def signed_pdf_of(copy: SignedCopy) -> bytes:
    """Raises ``Refusal`` where a page was disposed of, or cannot be laid in (it can still be opened by itself)."""
    pages = []
    for page in copy.pages:
        if page.file is None:
            raise Refusal("signed_copy_disposed", _("签字件已经随卷宗销毁。"))
        pages.append(Material(page.title, "", page.file.media_type, content_of(page.file)))
    signed = Signed(tuple(pages), tuple(page.turn for page in copy.pages), "", instead=True)
    with tempfile.TemporaryDirectory(prefix="fengqiao-signed-") as folder:
        made = copy_alone(copy.pages[0].title, signed, Path(folder))
    if made is None:
        raise Refusal("signed_copy_not_drawn", _("有一页不能并成 PDF，请逐页打开。"))
    return made
