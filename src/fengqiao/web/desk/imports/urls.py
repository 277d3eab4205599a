from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.imports import units, views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("units", units.units, name="import_units"),
    path("template", views.template, name="import_template"),
    path("<uuid:run>", views.import_run, name="import_run"),
    path("<uuid:run>/bad-rows", views.bad_rows_file, name="import_bad_rows"),
    path("<uuid:run>/<str:act>", views.import_act, name="import_act"),
]
