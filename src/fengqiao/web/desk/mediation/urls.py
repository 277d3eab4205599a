from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.mediation import page, sittings, telling, today

urlpatterns = [
    path("mediation/today/", today.today, name="mediation_today"),
    path("matters/<str:code>/mediation", page.page, name="mediation"),
    path("matters/<str:code>/mediation/tell", telling.tell, name="mediation_tell"),
    path("matters/<str:code>/mediation/talks/<uuid:sitting_id>", sittings.sitting, name="mediation_sitting"),
    path("matters/<str:code>/mediation/talks/<uuid:sitting_id>/note", sittings.save, name="mediation_note"),
    path("matters/<str:code>/mediation/<str:action>", page.act, name="mediation_act"),
]
