"""Looking through a .docx that a county wants for one of its forms: fields, and nothing but fields."""

from __future__ import annotations

import difflib
import html
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from docxtpl import DocxTemplate

from fengqiao.dossier.forms import Form, field_names, required_fields

MOST_BYTES = 1 << 20
# Unpacked; a form of ten pages with a picture of a seal has two or three.
MOST_UNPACKED = 20 << 20
MOST_PARTS = 500
TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")
# The number of the paper is no fact of the matter, but stands on every form.
NUMBER = "number"


@dataclass(frozen=True)
class Looked:
    """What stands in the file: its fields, and what is wrong with it, a sentence each."""

    fields: tuple[str, ...]
    wrong: tuple[str, ...]


def look_through(form: Form, content: bytes) -> Looked:
    """Reads the file as strangers' files are read: sizes first, then its parts, then its words."""
    trouble = _container(content)
    if trouble:
        return Looked((), (trouble,))
    try:
        texts = _texts(content)
    except Exception:  # noqa: BLE001  a damaged file of a stranger may fail in any way
        return Looked((), (_("文件打不开：请用 WPS 或 Word 另存为 .docx 再上传。"),))
    fields, wrong = _fields(texts)
    lacking = [each for each, group in required_fields(form).items() if not set(group) & set(fields)]
    names = _labels()
    wrong += [
        _("缺少必须有的字段 {{ %(name)s }}（%(label)s）。") % {"name": each, "label": names[each]}
        for each in lacking
    ]
    if not wrong:
        wrong += _tried(content, fields)
    return Looked(tuple(fields), tuple(wrong))


def _labels() -> dict[str, str]:
    return {NUMBER: "编号"} | field_names()


def _container(content: bytes) -> str:
    """Why the file is not taken at all; empty where it may be opened."""
    if len(content) > MOST_BYTES:
        return _("文件太大：模板最多 1 MB。")
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {each.filename for each in parts}
            if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_UNPACKED:
                return _("文件展开后太大，没有打开。")
            if any(name.lower().endswith((".bin", ".exe", ".dll", ".js", ".vbs")) for name in names):
                return _("文件带有宏或者嵌入的程序，没有打开。请另存为不带宏的 .docx。")
            if not {"word/document.xml", "[Content_Types].xml"} <= names:
                return _("这不是 .docx 文件。")
            if b"macroEnabled" in packed.read("[Content_Types].xml"):
                return _("文件带有宏或者嵌入的程序，没有打开。请另存为不带宏的 .docx。")
            for name in names:
                if name.endswith(".rels") and _reaches_out(packed.read(name)):
                    return _("文件引用了外部的内容（模板、图片或者数据），没有打开。请改为嵌入。")
                if name.endswith(".xml") and b"<!DOCTYPE" in packed.read(name)[:2048]:
                    return _("文件打不开：请用 WPS 或 Word 另存为 .docx 再上传。")
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return _("这不是 .docx 文件。")
    return ""


def _reaches_out(rels: bytes) -> bool:
    """Whether a part is fetched from elsewhere; a link that somebody clicks is none."""
    each = re.findall(rb"<Relationship\b[^>]*>", rels)
    return any(b'TargetMode="External"' in one and b"/hyperlink" not in one for one in each)


def _texts(content: bytes) -> list[str]:
    """The words of body, headers and footers, with fields whole that a word processor has split into runs."""
    template = DocxTemplate(BytesIO(content))
    template.init_docx()
    parts = [template.patch_xml(template.get_xml())]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        found = template.get_headers_footers(uri)
        parts += [template.patch_xml(template.get_part_xml(part)) for _key, part in found]
    return [html.unescape(re.sub(r"<[^>]+>", "", each)) for each in parts]


def _fields(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names between double braces, and what is wrong with what stands there."""
    known, wrong, found = _labels(), [], []
    for text in texts:
        if re.search(r"\{%|%\}|\{#|#\}", text):
            wrong.append(_("模板里只能有双花括号的字段，不能有判断、循环和注释。"))
        for inside in TAG.findall(text):
            name = inside.strip()
            if not NAME.match(name):
                wrong.append(_("“{{ %(said)s }}”不只是一个字段名。") % {"said": name[:40]})
            elif name not in known:
                wrong.append(_unknown(name, known))
            elif name not in found:
                found.append(name)
        rest = TAG.sub("", text)
        if "{{" in rest or "}}" in rest:
            wrong.append(_("有一处 {{ 或 }} 没有配对。"))
    return found, list(dict.fromkeys(wrong))


def _unknown(name: str, known: dict[str, str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    said = _("没有字段 {{ %(name)s }}。") % {"name": name[:40]}
    if near:
        said += _("是不是 {{ %(near)s }}（%(label)s）？") % {"near": near[0], "label": known[near[0]]}
    return said


def _tried(content: bytes, fields: Sequence[str]) -> list[str]:
    try:
        template = DocxTemplate(BytesIO(content))
        template.render(dict.fromkeys(fields, "　"), autoescape=True)
        template.save(BytesIO())
    except Exception:  # noqa: BLE001  whatever it is, the file cannot be filled
        return [_("字段填不进去：请把字段重新输入一遍，不要跨单元格或文本框。")]
    return []
