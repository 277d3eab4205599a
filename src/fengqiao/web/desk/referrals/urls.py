from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.referrals import acting, views

urlpatterns = [
    path("referrals/", views.referrals, name="referrals"),
    path("referrals/waiting", views.waiting, name="referrals_waiting"),
    path("referrals/<uuid:referral_id>/papers/<uuid:paper_id>", acting.paper, name="referral_paper"),
    path("referrals/<uuid:referral_id>/<str:action>", acting.act, name="referral_act"),
    path("matters/<str:code>/referrals/", views.of_matter, name="matter_referrals"),
    path("matters/<str:code>/referrals/new/<str:kind>", acting.new, name="referral_new"),
]
