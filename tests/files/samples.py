"""The beginnings of real files, small enough to be written here."""

from __future__ import annotations

import io
import zipfile

from docx import Document

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(64) + b"\xff\xd9"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200) + b"PE\x00\x00" + bytes(300)
ELF = b"\x7fELF\x02\x01\x01" + bytes(200)


def zipped(*names: str) -> bytes:
    """An archive that holds entries of these names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
    return stream.getvalue()


def word() -> bytes:
    """A document as the word processor writes it."""
    stream = io.BytesIO()
    document = Document()
    document.add_paragraph("授权委托书")
    document.save(stream)
    return stream.getvalue()


def word_with_macros() -> bytes:
    """The same with a program inside, saved under the harmless ending."""
    stream = io.BytesIO(word())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/vbaProject.bin", OLE)
    return stream.getvalue()


def mp4(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x20ftyp" + brand + b"\x00\x00\x02\x00" + brand + b"mp41" + bytes(256)


RIGHT: dict[str, bytes] = {
    "授权委托书.docx": word(),
    "工资表.xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "说明.pptx": zipped("[Content_Types].xml", "ppt/presentation.xml"),
    "公文.ofd": zipped("OFD.xml", "Doc_0/Document.xml"),
    "旧文件.doc": OLE,
    "旧表.xls": OLE,
    "旧稿.wps": OLE,
    "旧表.et": OLE,
    "协议.pdf": PDF,
    "协议.PDF": PDF,
    "欠条.png": PNG,
    "欠条.jpg": JPEG,
    "欠条.jpeg": JPEG,
    "动图.gif": b"GIF89a\x01\x00\x01\x00" + bytes(32),
    "图.webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(32),
    "图.bmp": b"BM" + bytes(64),
    "图.tif": b"II*\x00\x08\x00\x00\x00" + bytes(64),
    "图.heic": mp4(b"heic"),
    "录音.mp3": b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(64),
    "录音.amr": b"#!AMR\n" + bytes(64),
    "录音.wav": b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(64),
    "录像.mp4": mp4(b"isom"),
    "录像.mov": mp4(b"qt  "),
    "录像.3gp": mp4(b"3gp4"),
    "笔录.txt": "二〇二六年十一月二十日".encode(),
    "旧笔录.txt": "二〇二六年十一月二十日".encode("gb18030"),
    "名单.csv": "姓名,金额\n黄某某,3000\n".encode("utf-8-sig"),
}
