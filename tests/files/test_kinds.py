"""What a file is, by its content: the name it was handed in with is only compared with that."""

import pytest

from fengqiao.files.domain.kinds import ALLOWED, media_type
from fengqiao.kernel.errors import Invalid
from tests.files.samples import ELF, EXE, OLE, PDF, PNG, RIGHT, word_with_macros, zipped

NOT_TAKEN = "“{}”不是可以添加的文件。可用：PDF、OFD、Word、Excel、图片、录音、录像、文本。"
EMPTY = "“{}”是空文件。"
OTHERWISE = "“{}”的内容与扩展名不符，没有保存。请用原来的程序另存后再添加。"


@pytest.mark.parametrize("name", RIGHT)
def test_taken(name):
    assert media_type(name, RIGHT[name]) == ALLOWED[name.rsplit(".", 1)[1].lower()]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("扫描件.pdf", EXE, OTHERWISE),
        ("扫描件.pdf", ELF, OTHERWISE),
        ("扫描件.pdf", b"just some words", OTHERWISE),
        ("照片.jpg", PNG, OTHERWISE),
        ("照片.png", PDF, OTHERWISE),
        ("宏.docx", word_with_macros(), OTHERWISE),
        ("宏.xlsx", zipped("xl/workbook.xml", "xl/vbaProject.bin"), OTHERWISE),
        ("表.docx", zipped("xl/workbook.xml"), OTHERWISE),
        ("压缩.docx", zipped("anything.txt"), OTHERWISE),
        ("坏的.docx", b"PK\x03\x04" + bytes(40), OTHERWISE),
        ("新的.doc", zipped("word/document.xml"), OTHERWISE),
        ("程序.txt", EXE, OTHERWISE),
        ("乱码.txt", b"\xff\xfe\xfa\x81\xff", OTHERWISE),
        ("空.pdf", b"", EMPTY),
        ("空.txt", b"", EMPTY),
        ("程序.exe", EXE, NOT_TAKEN),
        ("程序.pdf.exe", PDF, NOT_TAKEN),
        ("宏.docm", zipped("word/document.xml"), NOT_TAKEN),
        ("压缩.zip", zipped("a.pdf"), NOT_TAKEN),
        ("网页.html", b"<script>alert(1)</script>", NOT_TAKEN),
        ("图.svg", b"<svg onload='alert(1)'/>", NOT_TAKEN),
        ("没有扩展名", OLE, NOT_TAKEN),
        ("", PDF, NOT_TAKEN),
        ("..", PDF, NOT_TAKEN),
    ],
)
def test_refused_with_the_reason(name, content, sentence):
    with pytest.raises(Invalid) as refusal:
        media_type(name, content)
    assert refusal.value.errors == {"materials": sentence.format(name)}


def test_a_very_long_name_does_not_flood_the_sentence():
    with pytest.raises(Invalid) as refusal:
        media_type("长" * 500 + ".exe", EXE)
    assert str(refusal.value) == NOT_TAKEN.format("长" * 80)


def test_a_name_with_percent_signs_is_only_a_name():
    with pytest.raises(Invalid) as refusal:
        media_type("100%s%(name)s.exe", EXE)
    assert str(refusal.value) == NOT_TAKEN.format("100%s%(name)s.exe")
