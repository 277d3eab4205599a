from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.registering import present, views

urlpatterns = [
    path("", views.register, name="register"),
    path("similar", views.similar, name="similar"),
    path("present", present.present, name="present"),
    path("grids", views.grids, name="grids"),
]
