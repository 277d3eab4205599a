from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.reviews import accountability, reviews, samples

urlpatterns = [
    path("accountability/", accountability.accountability, name="accountability"),
    path("accountability/sheet", accountability.sheet, name="accountability_sheet"),
    path(
        "accountability/enter/<str:code>/<str:rule>/<uuid:source_id>",
        accountability.enter,
        name="accountability_enter",
    ),
    path("accountability/<uuid:listed_id>/", accountability.entry, name="accountability_entry"),
    path("accountability/<uuid:listed_id>/<str:action>", accountability.act, name="accountability_act"),
    path("samples/", samples.samples, name="samples"),
    path("samples/<uuid:sample_id>/", samples.sample, name="sample"),
    path("samples/<uuid:sample_id>/files/<uuid:file_id>", samples.file, name="sampled_file"),
    path("samples/mend/<uuid:item_id>", samples.mend, name="sample_mend"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/open", reviews.open_case, name="review_open"),
    path("reviews/<uuid:review_id>/", reviews.review, name="review"),
    path("reviews/<uuid:review_id>/<str:action>", reviews.act, name="review_act"),
]
