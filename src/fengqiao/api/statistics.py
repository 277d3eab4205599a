"""The statistics of mediation: the form of a period with the proof that it is the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from fengqiao.api.doors import READS, reading
from fengqiao.api.shapes import Shape, Told
from fengqiao.api.uploads import as_download
from fengqiao.exchange.domain.statistics_sheet import workbook_of
from fengqiao.flows import statistics as flow
from fengqiao.kernel import clock
from fengqiao.places.models import Centre
from fengqiao.reporting.periods import WRITTEN, period_of, quarter_of
from fengqiao.reporting.policies import check_may_read_statistics
from fengqiao.reporting.queries import mediation_statistics as query
from fengqiao.reporting.queries.mediation_proofs import proved
from fengqiao.rules.queries.mediation_statistics import report_categories

router = Router(tags=["statistics"])


class FormAsked(Shape):
    """Which form."""

    period: Annotated[
        str | None,
        Field(
            pattern=WRITTEN.pattern.replace(r"\Z", "$"),
            description="A quarter (`2026Q4`) or a year; this quarter where left out.",
        ),
    ] = None
    centre: Annotated[UUID | None, Field(description="The centre of registration; left out: all.")] = None


class CounterTold(Told):
    """One column: counts are of mediations, but for people, parties and sums (yuan)."""

    counter: str
    label: str
    value: Decimal


class KindTold(Told):
    """One of the eighteen kinds of disputes, or `total`."""

    kind: str
    name: str
    counters: list[CounterTold]


class ProofTold(Told):
    """The form held against the histories and the ledger's own rows."""

    proof: str
    label: str
    form: int
    ledger: int
    differ: Annotated[list[str], Field(description="Codes of the matters that make the difference.")]
    holds: Annotated[bool, Field(description="Equal, or the difference is explained in `note`.")]
    note: str


class FormTold(Told):
    period: str
    first: date
    last: date
    kinds: list[KindTold]
    proofs: list[ProofTold]


@router.get(
    "/statistics/mediation",
    response=FormTold,
    auth=READS,
    operation_id="getMediationStatistics",
    summary="Statistics of mediation · 人民调解统计表",
    url_name="api_mediation_statistics",
)
def get_mediation_statistics(request: HttpRequest, asked: Query[FormAsked]) -> FormTold:
    """The numbers of the form over the matters that the post sees. Talks are not counted and not read."""
    with reading(request) as actor:
        check_may_read_statistics(actor)
        period = period_of(asked.period or "") or quarter_of(clock.today())
        form, proofs = proved(actor, period, centre=asked.centre)
        lines = [*((each.id, each.name) for each in report_categories()), (query.TOTAL, "")]
        return FormTold(
            period=period.key,
            first=period.first,
            last=period.last,
            kinds=[KindTold(kind=kind, name=name, counters=_counters(form, kind)) for kind, name in lines],
            proofs=[
                ProofTold(
                    proof=each.id,
                    label=str(each.label),
                    form=each.form,
                    ledger=each.ledger,
                    differ=list(each.differ),
                    holds=each.holds,
                    note=str(each.note),
                )
                for each in proofs
            ],
        )


@router.get(
    "/statistics/mediation/sheet",
    response={200: Any},
    auth=READS,
    operation_id="getMediationStatisticsSheet",
    summary="The form as a workbook · 统计表文件",
    url_name="api_mediation_statistics_sheet",
    openapi_extra={"x-answers": "a file"},
)
def get_sheet(request: HttpRequest, asked: Query[FormAsked]) -> HttpResponse:
    """The same numbers and proofs as xlsx. Fetching it is audited."""
    with reading(request) as actor:
        check_may_read_statistics(actor)
        period = period_of(asked.period or "") or quarter_of(clock.today())
        form, proofs = proved(actor, period, centre=asked.centre)
        of = _("看得到的全部中心")
        if asked.centre:
            of = Centre.objects.filter(pk=asked.centre).values_list("name", flat=True).first() or of
        flow.taken_out(actor=actor, period=period)
    content = workbook_of(form, proofs, of=of)
    return as_download(f"人民调解统计表-{period.key}.xlsx", content)


def _counters(form: query.Form, kind: str) -> list[CounterTold]:
    return [
        CounterTold(counter=each.id, label=str(each.label), value=Decimal(form.value(kind, each.id)))
        for each in query.COUNTERS.values()
    ]
