from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.mediators import views

urlpatterns = [
    path("mediators/", views.mediators, name="mediators"),
    path("mediators/new", views.new, name="mediator_new"),
    path("mediators/<uuid:mediator_id>/end", views.end, name="mediator_end"),
]
