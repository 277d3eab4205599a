from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.court import views

urlpatterns = [
    path("matters/<str:code>/court/", views.of_matter, name="matter_court"),
    path("matters/<str:code>/court/sue", views.sue, name="court_sue"),
    path("court/of/<uuid:agreement_id>", views.prepare, name="court_prepare"),
    path("court/<uuid:case_id>", views.case, name="court_case"),
    path("court/<uuid:case_id>/packet.zip", views.packet, name="court_packet"),
    path("court/<uuid:case_id>/edit", views.edit, name="court_edit"),
    path("court/<uuid:case_id>/<str:action>", views.act, name="court_act"),
]
