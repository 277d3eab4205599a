"""The signed copies (签字件) of a matter's papers: their pages in order, and which are lacking."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fengqiao.dossier.forms import forms, reference_of
from fengqiao.dossier.marks import version_of
from fengqiao.dossier.models import SignedPage
from fengqiao.dossier.paper import Paper
from fengqiao.kernel.crypto import sm3
from fengqiao.matters.models import Matter

Key = tuple[str, UUID]
# What a line says on which somebody signs, or a body sets its seal.
SIGNS = ("签名", "签字", "签收", "盖章", "印章")


@dataclass(frozen=True)
class SignedCopy:
    """The pages that stand now, by their number."""

    pages: tuple[SignedPage, ...]

    @property
    def length(self) -> int:
        """Of how many pages it is: what the marks say, and where they differ the most."""
        return max(page.pages for page in self.pages)

    @property
    def missing(self) -> list[int]:
        there = {page.page for page in self.pages}
        return [number for number in range(1, self.length + 1) if number not in there]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def is_mixed(self) -> bool:
        """Whether its pages are of different wordings."""
        return len({page.version for page in self.pages if page.version}) > 1

    @property
    def digest(self) -> str:
        """SM3 over the digests of its pages, line by line."""
        return sm3("".join(f"{page.digest}\n" for page in self.pages).encode()).hex()

    def is_of(self, paper: Paper) -> bool:
        """Whether what was signed says the same as the paper does now; where nobody can tell it does."""
        versions = {page.version for page in self.pages if page.version}
        return not versions or versions == {version_of(paper)}


def copies_of(matter: Matter) -> dict[Key, SignedCopy]:
    """By kind and reference of the paper; one statement, in the running scope."""
    found: dict[Key, list[SignedPage]] = {}
    standing = SignedPage.objects.filter(matter_id=matter.pk, ended_at__isnull=True)
    for page in standing.select_related("file", "added_by"):
        found.setdefault((page.paper, page.reference), []).append(page)
    # Letters by their titles, then the forms in the order of the dossier.
    order = {reference_of(matter.pk, form.code): place for place, form in enumerate(forms())}
    sorted_keys = sorted(found, key=lambda key: (order.get(key[1], -1), found[key][0].title))
    return {key: SignedCopy(tuple(found[key])) for key in sorted_keys}


def signed_pages_of(matter: Matter) -> list[SignedPage]:
    """Every page that was ever filed in a matter, by paper and page, the older first."""
    return list(SignedPage.objects.filter(matter_id=matter.pk))


def pages_of_copy(matter: Matter, key: Key) -> list[SignedPage]:
    """Every page that was ever filed for one paper: what stands first, then what ended, the newest first."""
    kind, reference = key
    pages = SignedPage.objects.filter(matter_id=matter.pk, paper=kind, reference=reference)
    found = list(pages.select_related("file", "added_by", "ended_by"))
    standing = [page for page in found if page.ended_at is None]
    ended = sorted((p for p in found if p.ended_at), key=lambda p: p.ended_at, reverse=True)  # type: ignore[arg-type,return-value]
    return [*standing, *ended]


def asks_for_signature(paper: Paper) -> bool:
    """Whether somebody is to sign or to seal the paper by hand."""
    return any(word in line for line in paper.closing for word in SIGNS)


def key_of(paper: Paper) -> Key:
    """How a paper is named where something refers to it."""
    return str(paper.kind), paper.reference
