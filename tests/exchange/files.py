"""Small files with the dirt that real exports carry. All messages are made up."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

REPLIED = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
LABELLED = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "一级标签")

DIRTY = "\n\t\t\t\u3000\u3000停车费涨了一倍，\xa0没有公示。\n\n  请核实。\t"
ANSWER = "网友您好：\n已责令物业公示。"
MENDED = ("已重新立好。", "2019-04-25 08:00:00")
ROWS_REPLIED = (
    ("2549", "U0001", "小区停车收费何时公示", "2019/4/25 9:32:09", DIRTY, ANSWER, "2019/5/10 14:56:53"),
    ("2554", "U0002", "路灯不亮", "2019/4/24 16:03", "村道三盏路灯两个月不亮。", "已更换灯泡。", "2019/5/9"),
    ("2555", "U0003", "公交站牌倒了", "2019-04-24 15:40:04", "站牌被撞倒，“挡”着盲道。", *MENDED),
)  # fmt: skip
ROWS_LABELLED = (
    ("530", "U0008", "工地夜间施工", "2019/11/10 18:59:24", "连续三晚施工到两点。", "城乡建设"),
    ("", "", "补课费不退", "", "培训机构关门，_x000D_\n补课费不退。", "教育文体"),
    ("", "", "工资拖欠", "", "饭店欠我两个月工资。", "劳动和社会保障"),
    ("530", "U0008", "工地夜间施工", "2019/11/10 18:59:24", "连续三晚施工到两点。", "城乡建设"),
    ("530", "U0009", "河道排污", "2019/11/12 08:00:00", "河水发黑。", "环境保护"),
)


def as_csv(header: Sequence[str], rows: Sequence[Sequence[str]], *, encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The smallest workbook that a reader takes."""
    lines = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
            for place, cell in enumerate(row)
            if cell
        )
        + "</row>"
        for number, row in enumerate([header, *rows], start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
    return stream.getvalue()


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


LEDGER = (
    "序号", "发生时间", "地点", "当事人", "纠纷类型", "简要情况", "涉及人数", "化解情况", "责任单位", "责任人",
    "是否化解",
)  # fmt: skip
WALL = "两家因院墙界线争执。多次争吵，尚未动手。"
ROWS_LEDGER = (
    ("1", "2025.3.5", "黄泥坑村", "黄某甲、黄某乙", "邻里纠纷", WALL, "2", "村委会调解，重新划界。",
     "市人社", "李某", "是"),
    ("2", "2025年4月1日", "沙湖镇", "陈某、某某陶瓷有限公司", "欠薪", "陶瓷厂欠薪两月。", " 12 人",
     "约定月底付清。", "恩平市住建局", "张某", "否"),
    ("3", "2025/4/2", "东门社区", "吴某", "婚姻家庭", "夫妻争吵，邻居担心。", "", "", "", "", "未化解"),
)  # fmt: skip
