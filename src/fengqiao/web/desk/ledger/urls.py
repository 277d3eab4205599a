from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.ledger import views

urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("find", views.find, name="find"),
    path("party", views.party, name="ledger_party"),
]
