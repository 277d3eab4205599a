from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.study import committee, views

urlpatterns = [
    path("studies/", views.studies, name="studies"),
    path("studies/<uuid:study_id>", views.study, name="study"),
    path("studies/<uuid:study_id>/files/<uuid:material_id>", views.material, name="study_file"),
    path("studies/<uuid:study_id>/<str:action>", views.act, name="study_act"),
    path("matters/<str:code>/studies/new", views.convene, name="study_convene"),
    path("administration/committee/", committee.committee, name="committee"),
    path("administration/committee/new", committee.new, name="committee_new"),
    path("administration/committee/<uuid:member_id>/end", committee.end, name="committee_end"),
]
