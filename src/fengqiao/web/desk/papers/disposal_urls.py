from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.papers import disposal

urlpatterns = [
    path("disposal/", disposal.disposals, name="disposals"),
    path("disposal/<uuid:batch_id>", disposal.disposal, name="disposal"),
    path("disposal/<uuid:batch_id>/sheet", disposal.sheet, name="disposal_sheet"),
]
