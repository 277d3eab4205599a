"""The dossier as one file: cover, table of contents, papers and materials in order, back cover; and as a zip."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import typst

from fengqiao.dossier import pdf
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.fonts import fonts
from fengqiao.dossier.forms import PEOPLES
from fengqiao.dossier.marks import number_of, version_of
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.templates import LONG_AGO, docx_of
from fengqiao.kernel.crypto import sm3

# What can be laid into the file as it is; the rest stands for itself in the zip.
PICTURES = {"image/jpeg": "jpg", "image/png": "png"}
# A picture that unfolds to more than this is no photograph of a paper.
MOST_PIXELS = 80_000_000
MOST_LEAVES = 200
PAGES_THERE = re.compile(r"the document only has (\d+) page")
NO_NAME = re.compile(r'[/\\\x00-\x1f<>:"|?*]')


@dataclass(frozen=True)
class Material:
    """A material of the matter with its content, or ``None`` and what stands in the way of it."""

    name: str
    number: str
    media_type: str
    content: bytes | None
    trouble: str = ""


@dataclass(frozen=True)
class Signed:
    """The signed copy of a paper: its pages, how each is turned, and what is said of it.

    ``instead``: it stands in place of the printed sheet; else it lies behind that.
    """

    pages: tuple[Material, ...]
    turns: tuple[int, ...]
    remark: str
    instead: bool


@dataclass(frozen=True)
class Section:
    """A place of the order: its title, its papers and materials, whether it lacks what it must have.

    ``signed`` has the signed copies by the form of the paper, ``unsigned`` the forms that still wait for one.
    """

    title: str
    papers: tuple[Paper, ...] = ()
    materials: tuple[Material, ...] = ()
    gap: bool = False
    signed: Mapping[str, Signed] = field(default_factory=dict)
    unsigned: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bound:
    """The dossier: its bytes, its pages, and its table of contents (title, number of the page, remark)."""

    pdf: bytes
    bundle: bytes
    pages: int
    contents: list[dict[str, Any]]


@dataclass
class _Laying:
    """What is being put together: the parts for the typesetter and the rows of the table of contents."""

    folder: Path
    parts: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, title: str, part: dict[str, Any], remark: str = "") -> None:
        part["first"] = not self.rows or all(row["part"] is None for row in self.rows)
        self.parts.append(part)
        # The cover and the contents stand before it.
        self.row(title, remark, part=len(self.parts) + 1)

    def go_on(self, part: dict[str, Any]) -> None:
        """Adds a part that belongs to the one before: it has no row of its own."""
        self.parts.append(part | {"first": False})

    def row(self, title: str, remark: str, part: int | None = None) -> None:
        self.rows.append(
            {
                "place": len(self.rows) + 1,
                "title": pdf.drawn(title),
                "remark": remark,
                "part": part,
            }
        )


def bound(
    *,
    code: str,
    kind: str = PEOPLES,
    cover: list[tuple[str, str]],
    sections: list[Section],
    folder: Path,
    own: Mapping[str, bytes] | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> Bound:
    """Sets the dossier; ``folder`` takes the materials while it is set, ``tell`` hears after each section,
    ``kind`` is whose mediation it was, ``own`` are the county's templates in force.

    Raises ``Refusal`` where the machine has no Chinese fonts.
    """
    laying = _Laying(folder)
    for done, section in enumerate(sections, 1):
        _lay(laying, section)
        tell(done)
    title = f"{kind}卷宗"
    parts = _around(laying, code, title, cover)
    first = pdf.typeset(f"{title} {code}", "", parts, files=folder, marked=False).first_pages
    total = first[-1][1]
    ends = [page for _printed, page in first[1:]] + [total + 1]
    for part, (_printed, begins), end in zip(parts, first, ends, strict=True):
        part["marks"] = pdf.marks_of(
            part.pop("number_of_mark"), [end - begins], part.pop("version_of_mark", "")
        )
    last = first[-2][0] + ends[-2] - first[-2][1] - 1 if laying.parts else 0
    parts[-1]["rows"][0] = ("本卷页数", [f"{last}页"])
    setting = pdf.typeset(f"{title} {code}", "", parts, files=folder)
    content = setting.pdf
    contents = [
        {
            "title": row["title"],
            "page": first[row["part"]][0] if row["part"] is not None else None,
            "remark": row["remark"],
        }
        for row in laying.rows
    ]
    return Bound(content, _bundle(code, content, sections, own), total, contents)


def copy_alone(title: str, signed: Signed, folder: Path) -> bytes | None:
    """The sheets of a signed copy as one PDF, upright and in order; ``None`` where one cannot be laid in."""
    leaves = _signed_leaves(folder, title, signed)
    if not leaves:
        return None
    parts = [leaf | {"alone": True, "first": False, "marks": {}} for leaf in leaves]
    return pdf.typeset(title, "", parts, files=folder, marked=False).pdf


def _lay(laying: _Laying, section: Section) -> None:
    if section.gap:
        laying.row(section.title, "缺（应当有）")
    for paper in section.papers:
        signed = section.signed.get(paper.form)
        leaves = _signed_leaves(laying.folder, paper.title, signed) if signed else []
        if signed is None or not signed.instead or not leaves:
            part = pdf.part_of(paper, ())
            part |= {"number_of_mark": number_of(paper), "version_of_mark": version_of(paper)}
            lacking = ["有空白待填"] if paper.missing else []
            lacking += ["待签字"] if paper.form in section.unsigned else []
            laying.add(paper.title, part, "；".join(lacking))
        if signed is not None and leaves:
            laying.add(paper.title, leaves[0], signed.remark)
            for leaf in leaves[1:]:
                laying.go_on(leaf)
        for page in signed.pages if signed is not None and not leaves else ():
            laying.add(page.name, _slip(page), f"{signed.remark}，原件另存")  # type: ignore[union-attr]
    for material in section.materials:
        part = _leaves(laying.folder, material) or _slip(material)
        if part["kind"] == "leaves":
            laying.add(part["title"], part, section.title)
        else:
            laying.add(material.name, part, "原件另存")


def _around(laying: _Laying, code: str, title: str, cover: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The parts with cover, contents and back cover around them."""

    def sheet(kind: str, title: str, **more: Any) -> dict[str, Any]:
        number = f"{code}-{title}"
        return {
            "kind": kind,
            "title": title,
            "mark_name": number,
            "number_of_mark": number,
            "marks": {},
            **more,
        }

    rows = [(label, [pdf.drawn(value)]) for label, value in cover]
    back = [("本卷页数", [""]), ("立卷人签名", [""]), ("检查人签名", [""]), ("日期", [""])]
    return [
        sheet("cover", title, rows=rows),
        sheet("contents", "卷内目录", rows=laying.rows),
        *laying.parts,
        sheet("back", "封底", rows=back, closing=["卷内页码自目录之后的第一页起编。"]),
    ]


def _leaves(folder: Path, material: Material) -> dict[str, Any] | None:
    """The pages of a material, or ``None`` where it cannot be laid in: another kind, damaged, too large."""
    content = material.content
    ending = "pdf" if material.media_type == "application/pdf" else PICTURES.get(material.media_type)
    if content is None or ending is None or (ending != "pdf" and not _fits(content)):
        return None
    path = folder / f"{len(list(folder.iterdir()))}.{ending}"
    path.write_bytes(content)
    count = _pages_of(path) if ending == "pdf" else 1
    if not 0 < count <= MOST_LEAVES or not _can_be_drawn(path, count if ending == "pdf" else 0):
        path.unlink()
        return None
    return {
        "kind": "leaves",
        # What lies here is the paper itself: of which kind its file was matters no longer.
        "title": pdf.drawn(Path(material.name).stem),
        "path": f"/{path.name}",
        "pages": ending == "pdf",
        "count": count,
        "mark_name": material.number,
        "number_of_mark": material.number,
    }


def _signed_leaves(folder: Path, title: str, signed: Signed) -> list[dict[str, Any]]:
    """The pages of a signed copy, one part each; none where one of them cannot be laid in."""
    leaves: list[dict[str, Any]] = []
    for page, turn in zip(signed.pages, signed.turns, strict=True):
        leaf = _leaves(folder, page)
        if leaf is None:
            return []
        leaves.append(leaf | {"title": pdf.drawn(title), "turn": turn, "sheet": True, "headed": not leaves})
    return leaves


def _slip(material: Material) -> dict[str, Any]:
    """The sheet that stands for what cannot be laid in."""
    size = len(material.content) if material.content is not None else None
    rows = [
        ("名称", material.name),
        ("类型", material.media_type),
        ("大小", f"{size:,} 字节" if size is not None else material.trouble),
        ("SM3", sm3(material.content).hex() if material.content is not None else ""),
    ]
    where = "压缩包的“材料”文件夹" if material.content is not None else "系统里本事项的材料"
    sheet = Paper(
        kind=PaperKind.FORM,
        reference=UUID(int=0),
        title="材料另存说明",
        number=f"编号：{material.number}",
        rows=tuple(rows),
        paragraphs=(f"本材料不能并入本卷，原件见{where}。",),
    )
    return {**pdf.part_of(sheet, ()), "number_of_mark": material.number}


def _fits(content: bytes) -> bool:
    wide, high = size_of(content)
    return 0 < wide * high <= MOST_PIXELS


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG as its head says, without unfolding it; zeros where it says none."""
    if content.startswith(b"\x89PNG") and len(content) > 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    at = 2
    while content.startswith(b"\xff\xd8") and at + 9 < len(content) and content[at] == 0xFF:
        kind = content[at + 1]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            high, wide = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return int.from_bytes(wide, "big"), int.from_bytes(high, "big")
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0, 0


def _pages_of(path: Path) -> int:
    """How many pages the typesetter finds; none where it cannot read the file."""
    said = _trouble_of(path, "page: 1000000000")
    there = PAGES_THERE.search(" ".join(said.hints)) if said else None
    return int(there[1]) if there else 0


def _can_be_drawn(path: Path, pages: int) -> bool:
    wanted = [f"page: {page}" for page in range(1, pages + 1)] or [""]
    return _trouble_of(path, *wanted) is None


def _trouble_of(path: Path, *wanted: str) -> typst.TypstError | None:
    """What the typesetter says of the file when it draws these pages. The name of the file is our own."""
    drawn = "\n".join(f'#image("/{path.name}", width: 1cm, {page})' for page in wanted)
    compiler = typst.Compiler(
        drawn.encode(), root=str(path.parent), font_paths=fonts().held, ignore_system_fonts=True
    )
    try:
        compiler.compile(format="pdf")
    except typst.TypstError as trouble:
        return trouble
    except BaseException as panic:
        # The typesetter's own failure over a strange file comes as no Exception.
        if type(panic).__name__ != "PanicException":
            raise
        return typst.TypstError("panic", "panic", [], [])
    return None


def _bundle(code: str, volume: bytes, sections: list[Section], own: Mapping[str, bytes] | None) -> bytes:
    """The zip: each paper as .docx, each material as it was handed in, and the digests of all and of the volume."""
    kept: dict[str, bytes] = {}
    number = 0
    for section in sections:
        for paper in section.papers:
            number += 1
            kept[f"文书/{number:02}-{_name(paper.title)}.docx"] = docx_of(paper, own)
            copy = section.signed.get(paper.form)
            for page in copy.pages if copy else ():
                if page.content is not None:
                    kept[f"签字件/{number:02}-{_name(page.name)}"] = page.content
        for material in section.materials:
            if material.content is not None:
                number += 1
                kept[f"材料/{number:02}-{_name(material.name)}"] = material.content
    listed = "".join(
        f"{sm3(content).hex()}  {name}\n" for name, content in {f"卷宗-{code}.pdf": volume, **kept}.items()
    )
    kept["SM3.txt"] = listed.encode()
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in kept.items():
            file.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED, compresslevel=3)
    return made.getvalue()


def _name(of: str) -> str:
    return NO_NAME.sub("_", of)[-120:]
