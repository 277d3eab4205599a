from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.counsel import consultations

urlpatterns = [
    path("consultations/", consultations.consultations, name="consultations"),
    path("consultations/<uuid:consultation_id>", consultations.consultation, name="consultation"),
    path("consultations/<uuid:consultation_id>/<str:action>", consultations.act, name="consultation_act"),
    path("matters/<str:code>/consultations/new", consultations.call, name="consultation_call"),
]
