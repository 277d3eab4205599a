from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.ledger import exports, views

urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("find", views.find, name="find"),
    path("party", views.party, name="ledger_party"),
    path("exports", exports.exports, name="exports"),
    path("exports/<uuid:run>/<str:part>", exports.download, name="export_file"),
]
