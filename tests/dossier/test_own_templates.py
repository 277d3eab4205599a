"""A county's own template of a form: looked through at upload, approved by another, in force from a day on."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.domain.templating import form_of
from fengqiao.dossier.models import FormTemplate
from fengqiao.dossier.own_templates import look_through
from fengqiao.dossier.queries.papers import forms_of
from fengqiao.dossier.queries.templates import own_templates
from fengqiao.dossier.templates import docx_of, place_of
from fengqiao.flows import templates as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import Matter
from tests.agreements.hands import mediating
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.matters.ground import EVERYWHERE, last_audited, traces
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db

RECORD = form_of("record")
NEEDED = "{{ number }} {{ petitioners }} {{ respondents }} {{ signing }} {{ result }} {{ agreement }}"


def a_file(*paragraphs: str, header: str = "", split: bool = False) -> bytes:
    """A document as a word processor leaves it; ``split`` breaks each paragraph into runs of three letters."""
    document = Document()
    for text in paragraphs:
        paragraph = document.add_paragraph()
        for run in [text[at : at + 3] for at in range(0, len(text), 3)] if split else [text]:
            paragraph.add_run(run).bold = bool(len(paragraph.runs) % 2)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    made = BytesIO(content)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)
    return made.getvalue()


EXTERNAL = (
    b'<Relationships><Relationship Id="r9" Type="http://x/attachedTemplate" Target="http://x/a.dotm" '
    b'TargetMode="External"/></Relationships>'
)
BROKEN = with_part(b"", "word/document.xml", b"<a")
WRONG: dict[str, tuple[Callable[[], bytes], str]] = {
    "a typo": (lambda: a_file(NEEDED, "{{ petitoners }}"), "没有字段 {{ petitoners }}。是不是 {{ petitioners }}"),
    "a typo in the header": (lambda: a_file(NEEDED, header="{{ cde }}"), "是不是 {{ code }}"),
    "nothing near": (lambda: a_file(NEEDED, "{{ zzzz }}"), "没有字段 {{ zzzz }}。"),
    "one is lacking": (lambda: a_file(NEEDED.replace("{{ signing }}", "")), "缺少必须有的字段 {{ signing }}"),
    "a loop": (lambda: a_file(NEEDED, "{% for a in b %}"), "不能有判断、循环和注释"),
    "an expression": (lambda: a_file(NEEDED, "{{ code.__class__ }}"), "不只是一个字段名"),
    "a call": (lambda: a_file(NEEDED, "{{ code|upper }}"), "不只是一个字段名"),
    "an open brace": (lambda: a_file(NEEDED, "{{ code"), "没有配对"),
    "no zip": (lambda: b"hello", "这不是 .docx 文件"),
    "another zip": (lambda: with_part(b"", "a.txt", b"x"), "这不是 .docx 文件"),
    "half of one": (lambda: a_file(NEEDED)[:3000], "这不是 .docx 文件"),
    "broken inside": (lambda: with_part(BROKEN, "[Content_Types].xml", b""), "打不开"),
    "a macro": (lambda: with_part(a_file(NEEDED), "word/vbaProject.bin", b"x"), "带有宏"),
    "a bomb": (lambda: with_part(a_file(NEEDED), "word/media/a.xml", bytes(21 << 20)), "展开后太大"),
    "too large": (lambda: bytes(1 << 20) + b"x", "最多 1 MB"),
    "from elsewhere": (lambda: with_part(a_file(NEEDED), "word/_rels/x.xml.rels", EXTERNAL), "外部的内容"),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_wrong_with_a_file_is_said(fault: str):
    make, sentence = WRONG[fault]
    looked = look_through(RECORD, make())
    assert any(sentence in each for each in looked.wrong), looked.wrong


def test_fields_that_a_word_processor_split_are_whole_and_the_shipped_ones_pass():
    looked = look_through(RECORD, a_file(NEEDED, "{{ talk_notes }}", header="{{ code }}", split=True))
    assert looked.wrong == ()
    assert {"talk_notes", "code", "signing"} <= set(looked.fields)
    for code in ("record", "agreement", "confirmation", "note"):
        assert look_through(form_of(code), place_of(code).read_bytes()).wrong == (), code


def count() -> int:
    with scope(EVERYWHERE):
        return FormTemplate.objects.count()


def refused(code: str, act: Callable[[], Any]) -> None:
    before, kept = traces(), count()
    with pytest.raises(Refusal) as refusal:
        act()
    assert refusal.value.code == code
    assert (traces(), count()) == (before, kept)
    assert f'"code":"{code}"'.encode() in bytes(last_audited().content)


def test_uploaded_by_one_approved_by_another_in_force_from_a_day(county: SmallCounty):
    keeper, director = county.actor(Role.DISPATCHER), county.actor(Role.DIRECTOR)
    matter = mediating(county)
    today = clock.today()

    def does(actor: Any, verb: str, **values: Any) -> FormTemplate:
        return flow.act(actor=actor, verb=verb, **values)

    def uploads(actor: Any, *text: str) -> FormTemplate:
        content = a_file(*(text or (NEEDED, "本县的调解笔录")))
        given = {"form": "record", "name": "笔录.docx", "content": content, "why": "按司法局要求"}
        return does(actor, "upload", **given)

    def printed() -> str:
        with scope(EVERYWHERE):
            [paper] = [each for each in forms_of(Matter.objects.get(pk=matter.pk)) if each.form == "record"]
            content = docx_of(paper, own_templates("440785", clock.today()))
        return "\n".join(each.text for each in Document(BytesIO(content)).paragraphs)

    refused("template_wrong", lambda: uploads(keeper, NEEDED, "{{ petitoners }}"))
    refused("templates_not_allowed", lambda: uploads(county.actor(Role.MEDIATOR)))
    refused("templates_not_allowed", lambda: uploads(county.actor(Role.DIRECTOR, "town")))
    first = uploads(director)
    refused("template_waits", lambda: uploads(keeper))
    refused("template_by_another", lambda: does(director, "approve", template_id=first.pk, valid_from=today))
    refused("templates_not_allowed", lambda: does(keeper, "approve", template_id=first.pk, valid_from=today))
    deputy = county.actor(Role.EXECUTIVE_DEPUTY)
    yesterday = today - timedelta(days=1)
    refused("invalid", lambda: does(deputy, "approve", template_id=first.pk, valid_from=yesterday))
    other = county.actor(Role.DIRECTOR, "other")
    refused("template_not_found", lambda: does(other, "approve", template_id=first.pk, valid_from=today))
    tomorrow = today + timedelta(days=1)
    does(deputy, "approve", template_id=first.pk, valid_from=tomorrow)
    refused("template_decided", lambda: does(deputy, "drop", template_id=first.pk))
    # Not yet; from the day on it is what the form is made from, with the facts of the matter.
    assert "本县的调解笔录" not in printed()
    with clock.at(clock.now() + timedelta(days=1)):
        text = printed()
        assert "本县的调解笔录" in text
        assert "黄某某" in text
        assert "{{" not in text
    second = uploads(keeper, NEEDED, "第二版")
    refused("later_template", lambda: does(director, "approve", template_id=second.pk, valid_from=tomorrow))
    later = today + timedelta(days=5)
    does(director, "approve", template_id=second.pk, valid_from=later)
    with scope(director):
        first.refresh_from_db()
    assert (first.number, first.valid_until, second.number) == (1, later - timedelta(days=1), 2)
    with clock.at(clock.now() + timedelta(days=7)):
        assert "第二版" in printed()
        does(director, "end", template_id=second.pk, last_day=clock.today())
        refused("template_not_in_force", lambda: does(director, "end", template_id=second.pk, last_day=later))
    # Back to the one that comes with the program.
    with clock.at(clock.now() + timedelta(days=8)):
        assert "第二版" not in printed()


def test_at_the_desk_and_by_the_api(county: SmallCounty):
    keeper, director = at_the_desk(county, Role.DISPATCHER), at_the_desk(county, Role.DIRECTOR)
    way = reverse("own_template", args=["record"])

    def sends(content: bytes) -> Any:
        file = SimpleUploadedFile("笔录.docx", content)
        return keeper.post(way, {"content": file, "why": "按司法局要求"})

    wrong = sends(a_file(NEEDED, "{{ petitoners }}"))
    assert wrong.status_code == 422
    assert "是不是 {{ petitioners }}" in wrong.content.decode()
    assert sends(a_file(NEEDED)).status_code == 302
    with scope(EVERYWHERE):
        [made] = FormTemplate.objects.filter(county="440785")
    assert "有一版待批准" in director.get(reverse("own_templates")).content.decode()
    by_program = "/api/v1/form-templates"
    key = {"Idempotency-Key": "template"}

    def from_a_program(content: bytes) -> Any:
        sent = {"form": "record", "why": "按司法局要求", "file": SimpleUploadedFile("笔录.docx", content)}
        return keeper.post(f"{by_program}/versions", sent, headers=key)

    assert broken(from_a_program(a_file(NEEDED)), 409) == [("", "template_waits")]
    assert post(keeper, f"{by_program}/versions/{made.pk}/drop", {}).status_code == 200
    assert broken(from_a_program(a_file("空")), 422) == [("content", "template_wrong")]
    needed = a_file(NEEDED)
    sent = [from_a_program(needed) for _twice in (1, 2)]
    assert [each.status_code for each in sent] == [201, 201]
    second = f"{by_program}/versions/{sent[0].json()['id']}"
    assert sent[1].json() == sent[0].json()
    today = {"valid_from": clock.today().isoformat()}
    assert broken(post(keeper, f"{second}/approve", today), 403) == [("", "templates_not_allowed")]
    assert post(director, f"{second}/approve", today).status_code == 200
    [record] = [each for each in keeper.get(by_program).json()["items"] if each["own"]]
    assert (record["form"], record["own"], record["waits"]) == ("record", sent[0].json()["id"], False)
    states = [each["state"] for each in keeper.get(f"{by_program}/versions?form=record").json()["items"]]
    assert states == ["approved", "dropped"]
    back = {"last_day": (clock.today() - timedelta(days=1)).isoformat()}
    assert post(director, f"{second}/end", back).status_code == 200
    assert keeper.get(f"{second}/file").content == needed
    assert sends(a_file(NEEDED)).status_code == 302
    with scope(EVERYWHERE):
        made = FormTemplate.objects.get(county="440785", state="draft")
    act = reverse("own_template_act", args=[made.pk, "approve"])
    director.post(act, {"day": clock.today().isoformat()})
    assert "本县第 3 版" in keeper.get(reverse("own_templates")).content.decode()
    assert keeper.get(reverse("own_template_file", args=[made.pk])).content == bytes(made.content)
    assert keeper.get(reverse("own_template_shipped", args=["record"])).status_code == 200
