"""A signature drawn on a tablet: its strokes, the picture they make, the digest that ties them to the paper."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.agreements.models import Agreement, Signature, Term
from fengqiao.agreements.wording import number_in_words, words_of
from fengqiao.kernel.crypto import sm3
from fengqiao.kernel.errors import Invalid

# The field in which one draws; a point is [across, down, milliseconds since the first].
WIDTH, HEIGHT = 900, 360
MOST_STROKES, MOST_POINTS, LONGEST = 400, 8_000, 600_000
# A dot or a slip of the pen is no signature.
FEWEST_POINTS, LEAST_EXTENT = 8, 40

Stroke = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Drawn:
    """What was drawn, and the digest of the words (``paper_digest``) that were shown meanwhile."""

    strokes: Sequence[Stroke]
    paper: str


def paper_digest(agreement: Agreement, terms: Iterable[Term]) -> str:
    """The SM3 of the words that are signed: number, facts, issues, responsibility and terms."""
    words = [
        number_in_words(agreement.year, agreement.number),
        agreement.facts,
        agreement.issues,
        agreement.responsibility,
        words_of(agreement, terms),
    ]
    return sm3(b"agreement", json.dumps(words, ensure_ascii=False).encode()).hex()


def drawn_digest(paper: str, strokes: Sequence[Stroke]) -> str:
    """The SM3 over the digest of the paper and the strokes: another paper or another line makes another one."""
    plain = json.dumps(strokes, separators=(",", ":"))
    return sm3(b"drawn", paper.encode(), plain.encode()).hex()


def check_drawn(strokes: Any) -> None:
    """Raises ``Invalid`` (field ``drawn``) for what is no drawing, lies outside the field, or is only a dot."""
    if not isinstance(strokes, list | tuple) or not all(_is_stroke(each) for each in strokes):
        raise Invalid({"drawn": _("签名没有收到，请再签一次。")})
    points = [point for stroke in strokes for point in stroke]
    if len(strokes) > MOST_STROKES or len(points) > MOST_POINTS:
        raise Invalid({"drawn": _("笔画太多，请重新签名。")})
    across, down = [each[0] for each in points], [each[1] for each in points]
    extent = max(max(across) - min(across), max(down) - min(down)) if points else 0
    if len(points) < FEWEST_POINTS or extent < LEAST_EXTENT:
        raise Invalid({"drawn": _("还没有签名：请签上姓名。")})


def path_of(strokes: Sequence[Stroke]) -> str:
    """The strokes as the path of an SVG in a field of ``WIDTH`` × ``HEIGHT``."""
    return "".join(
        "M" + "L".join(f"{across} {down}" for across, down, *_when in [*stroke, stroke[-1]])
        for stroke in strokes
    )


def svg_of(strokes: Sequence[Stroke]) -> str:
    """The drawing by itself."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{path_of(strokes)}" fill="none" stroke="#111" stroke-width="7" stroke-linecap="round" '
        'stroke-linejoin="round"/></svg>'
    )


def is_as_drawn(signature: Signature, paper: str) -> bool:
    """Whether the kept strokes are those that were drawn under these words."""
    strokes = signature.strokes or []
    return bool(strokes) and signature.drawn_sm3 == drawn_digest(paper, strokes)


def _is_stroke(stroke: Any) -> bool:
    return isinstance(stroke, list | tuple) and bool(stroke) and all(_is_point(each) for each in stroke)


def _is_point(point: Any) -> bool:
    if not isinstance(point, list | tuple) or len(point) != 3 or not all(type(each) is int for each in point):
        return False
    across, down, when = point
    return bool(0 <= across <= WIDTH and 0 <= down <= HEIGHT and 0 <= when <= LONGEST)
