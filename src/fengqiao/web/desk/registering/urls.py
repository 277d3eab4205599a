from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.registering import views

urlpatterns = [
    path("", views.register, name="register"),
    path("similar", views.similar, name="similar"),
    path("grids", views.grids, name="grids"),
]
