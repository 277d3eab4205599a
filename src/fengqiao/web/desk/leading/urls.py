from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.leading import instructions, of_matter, recommendations, views

urlpatterns = [
    path("key-matters/", views.key_matters, name="key_matters"),
    path("matters/<str:code>/leading", of_matter.section, name="matter_leading"),
    path("matters/<str:code>/leading/list", of_matter.list_matter, name="key_list"),
    path("matters/<str:code>/instructions/give", instructions.give, name="instruction_give"),
    path(
        "matters/<str:code>/instructions/<uuid:instruction_id>/<str:action>",
        instructions.step,
        name="instruction_step",
    ),
    path("matters/<str:code>/recommendations/send", recommendations.send, name="recommendation_send"),
    path(
        "matters/<str:code>/recommendations/<uuid:recommendation_id>/reply",
        recommendations.reply,
        name="recommendation_reply",
    ),
    path("matters/<str:code>/leading/<uuid:key_id>/<str:action>", of_matter.key_step, name="key_step"),
]
