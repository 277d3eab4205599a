from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.supervision import of_matter, views

urlpatterns = [
    path("supervision/", views.supervisions, name="supervision"),
    path("supervision/sheet", views.sheet, name="supervision_sheet"),
    path("matters/<str:code>/supervision", of_matter.section, name="matter_supervision"),
    path(
        "matters/<str:code>/supervision/propose/<uuid:assignment_id>/<str:rule>",
        of_matter.propose,
        name="supervision_propose",
    ),
    path(
        "matters/<str:code>/supervision/<uuid:supervision_id>/<str:action>",
        of_matter.step,
        name="supervision_step",
    ),
]
