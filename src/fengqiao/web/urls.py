"""All doors: of the desk, one module a screen group, of everybody, and the one where machines ask for a token."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("fengqiao.web.desk.frame.urls")),
    path("", include("fengqiao.web.desk.work.urls")),
    path("register/", include("fengqiao.web.desk.registering.urls")),
    path("matters/", include("fengqiao.web.desk.matter.urls")),
    path("matters/", include("fengqiao.web.desk.papers.urls")),
    path("", include("fengqiao.web.desk.scans.urls")),
    path("templates/", include("fengqiao.web.desk.papers.own_urls")),
    path("dossiers/", include("fengqiao.web.desk.papers.disposal_urls")),
    path("", include("fengqiao.web.desk.supervision.urls")),
    path("", include("fengqiao.web.desk.leading.urls")),
    path("", include("fengqiao.web.desk.mediation.urls")),
    path("", include("fengqiao.web.desk.agreements.urls")),
    path("", include("fengqiao.web.desk.referrals.urls")),
    path("", include("fengqiao.web.desk.court.urls")),
    path("", include("fengqiao.web.desk.reviews.urls")),
    path("", include("fengqiao.web.desk.reporting.urls")),
    path("", include("fengqiao.web.desk.mediators.urls")),
    path("", include("fengqiao.web.desk.pool.urls")),
    path("", include("fengqiao.web.portal.urls")),
    path("", include("fengqiao.web.desk.study.urls")),
    path("", include("fengqiao.web.desk.counsel.urls")),
    path("bulk/", include("fengqiao.web.desk.bulk.urls")),
    path("ledger/", include("fengqiao.web.desk.ledger.urls")),
    path("", include("fengqiao.web.desk.due.urls")),
    path("imports/", include("fengqiao.web.desk.imports.urls")),
    path("rules/", include("fengqiao.web.desk.rules.urls")),
    path("notices/", include("fengqiao.web.desk.notices.urls")),
    path("whistles/", include("fengqiao.web.desk.whistles.urls")),
    path("administration/", include("fengqiao.web.desk.administration.urls")),
    path("oauth/", include("fengqiao.web.machines.urls")),
]
