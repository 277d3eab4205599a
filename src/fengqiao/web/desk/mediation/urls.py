from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.mediation import page, telling

urlpatterns = [
    path("matters/<str:code>/mediation", page.page, name="mediation"),
    path("matters/<str:code>/mediation/tell", telling.tell, name="mediation_tell"),
    path("matters/<str:code>/mediation/<str:action>", page.act, name="mediation_act"),
]
