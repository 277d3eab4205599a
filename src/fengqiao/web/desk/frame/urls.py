from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.frame import views

urlpatterns = [
    path("health", views.health, name="health"),
    path("posts", views.choose_post, name="choose_post"),
]
