from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.reviews import accountability

urlpatterns = [
    path("accountability/", accountability.accountability, name="accountability"),
    path("accountability/sheet", accountability.sheet, name="accountability_sheet"),
    path(
        "accountability/enter/<str:code>/<str:rule>/<uuid:source_id>",
        accountability.enter,
        name="accountability_enter",
    ),
    path("accountability/<uuid:listed_id>/", accountability.entry, name="accountability_entry"),
    path("accountability/<uuid:listed_id>/<str:action>", accountability.act, name="accountability_act"),
]
