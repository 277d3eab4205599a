from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.agreements import performing, sketching, tablet, views, writing

urlpatterns = [
    path("performance/", performing.performance, name="performance"),
    path("matters/<str:code>/agreements/", views.of_matter, name="matter_agreements"),
    path("matters/<str:code>/agreements/sketch", sketching.sketch, name="agreement_sketch"),
    path("matters/<str:code>/agreements/new/<str:way>", writing.new, name="agreement_new"),
    path("agreements/<uuid:agreement_id>", views.agreement, name="agreement"),
    path("agreements/<uuid:agreement_id>/edit", writing.edit, name="agreement_edit"),
    path("agreements/<uuid:agreement_id>/tablet", tablet.tablet, name="agreement_tablet"),
    path("agreements/<uuid:agreement_id>/several", performing.several, name="terms_performed"),
    path("agreements/<uuid:agreement_id>/<str:action>", views.act, name="agreement_act"),
    path("agreements/terms/<uuid:term_id>/<str:action>", performing.on_term, name="term_act"),
]
