"""人民调解统计表 as a workbook: the numbers of the page, as numbers, and the proof beside them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from fengqiao.reporting.queries.mediation_proofs import Proof
from fengqiao.reporting.queries.mediation_statistics import COUNTERS, TOTAL, Form
from fengqiao.rules.queries.mediation_statistics import report_categories


def workbook_of(form: Form, proofs: Sequence[Proof], *, of: str) -> bytes:
    """The form as xlsx, in the reader's language. ``of``: whose matters it counts, in words."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    bold = book.add_format({"bold": True, "text_wrap": True})
    money = book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet(_("统计表"))
    sheet.write_string(0, 0, f"{_('人民调解统计表')} · {of} · {form.period.name}", bold)
    sheet.set_column(0, 0, 24)
    sheet.freeze_panes(2, 1)
    for column, title in enumerate([_("纠纷类别"), *(str(each.label) for each in COUNTERS.values())]):
        sheet.write_string(1, column, title, bold)
    lines = [*((each.id, each.name) for each in report_categories()), (TOTAL, _("合计"))]
    for line, (kind, name) in enumerate(lines, start=2):
        sheet.write_string(line, 0, name)
        for column, counter in enumerate(COUNTERS.values(), start=1):
            number = float(form.value(kind, counter.id))
            sheet.write_number(line, column, number, money if counter.is_money else None)
    proof = book.add_worksheet(_("与台账核对"))
    proof.set_column(0, 0, 60)
    for column, title in enumerate((_("核对"), _("表"), _("台账"), _("差额所在事项"), _("说明"))):
        proof.write_string(0, column, title, bold)
    for line, each in enumerate(proofs, start=1):
        proof.write_string(line, 0, str(each.label))
        proof.write_number(line, 1, each.form)
        proof.write_number(line, 2, each.ledger)
        proof.write_string(line, 3, " ".join(each.differ))
        proof.write_string(line, 4, str(each.note))
    book.close()
    return kept.getvalue()
