"""Direct reports as papers: Chinese, numbered by county and year."""

from __future__ import annotations

from django.utils.translation import override

from fengqiao.accounts.actor import Actor
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import Paper, chinese_date
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.reporting.enums import ReportKind, ReportReceiver
from fengqiao.reporting.models import DirectReport
from fengqiao.reporting.policies import reports_visible_to

TITLES = {
    ReportKind.INITIAL: "风险直报（初报）",
    ReportKind.FOLLOW_UP: "风险直报（续报）",
    ReportKind.END: "风险直报（终报）",
}


# A paper is Chinese, in whatever language the screen of who prints it is.
@override("zh-hans")
def report_papers(actor: Actor, matter: Matter) -> list[Paper]:
    """The reports of the matter that the post sees, in order."""
    found = reports_visible_to(actor).filter(matter_id=matter.pk).select_related("written_by")
    return [_paper(matter, each) for each in found.order_by("written_at", "id")]


def _paper(matter: Matter, report: DirectReport) -> Paper:
    moment = report.written_at.astimezone(clock.SHANGHAI)
    number = f"{matter.county}直报〔{report.year}〕{report.number}号"
    if report.place:
        number += f"续{report.place}"
    return Paper(
        kind=PaperKind.REPORT,
        reference=report.id,
        title=TITLES[ReportKind(report.kind)],
        number=number,
        addressee="、".join(str(ReportReceiver(each).label) for each in report.receivers),
        paragraphs=(f"“{matter.title}”（编号 {matter.code}）情况如下：",),
        rows=(
            ("情况", report.situation),
            ("已采取的措施", report.measures),
            ("请求事项", report.request or "无"),
            ("报告人", f"{report.written_by.name}　{moment:%Y-%m-%d %H:%M}"),
        ),
        signed_by=matter.holder.name,
        dated=chinese_date(moment.date()),
    )
