from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "fengqiao.reviews"
    label = "reviews"
