from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.frame import probes, views

urlpatterns = [
    path("healthz", probes.alive, name="alive"),
    path("ready", probes.ready, name="ready"),
    path("metrics", probes.metrics, name="metrics"),
    path("arriving", views.arriving, name="arriving"),
    path("posts", views.choose_post, name="choose_post"),
    # The name is Django's, for the templates that know it.
    path("language", views.choose_language, name="set_language"),
]
