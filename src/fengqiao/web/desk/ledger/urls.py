from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.ledger import exports, saved, schedules, views

urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("filters", views.filters, name="ledger_filters"),
    path("find", views.find, name="find"),
    path("party", views.party, name="ledger_party"),
    path("views", saved.views, name="saved_views"),
    path("views/<uuid:view_id>", saved.opened, name="saved_view"),
    path("views/<uuid:view_id>/change", saved.change, name="saved_view_change"),
    path("views/<uuid:view_id>/remove", saved.remove, name="saved_view_remove"),
    path("views/<uuid:view_id>/schedule", schedules.schedule, name="export_schedule"),
    path("schedules/<uuid:schedule_id>", schedules.change, name="export_schedule_change"),
    path("schedules/<uuid:schedule_id>/stop", schedules.stop, name="export_schedule_stop"),
    path("exports", exports.exports, name="exports"),
    path("exports/<uuid:run>/<str:part>", exports.download, name="export_file"),
]
