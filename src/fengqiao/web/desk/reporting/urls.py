from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.reporting import of_matter, statistics, views

urlpatterns = [
    path("reports/", views.reports, name="direct_reports"),
    path("reports/<uuid:report_id>", views.report, name="direct_report"),
    path("statistics/mediation/", statistics.statistics, name="mediation_statistics"),
    path("statistics/mediation/sheet", statistics.sheet, name="mediation_statistics_sheet"),
    path(
        "statistics/mediation/rows/<str:kind>/<str:counter>",
        statistics.rows,
        name="mediation_statistics_rows",
    ),
    path("matters/<str:code>/reports/write", of_matter.write, name="report_write"),
    path("matters/<str:code>/reports/decline", of_matter.decline, name="report_decline"),
    path("matters/<str:code>/reports/<uuid:report_id>/<str:action>", of_matter.go_on, name="report_go_on"),
]
