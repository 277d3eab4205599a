from django.apps import AppConfig


class MediatorsConfig(AppConfig):
    name = "fengqiao.mediators"
    label = "mediators"
