from django.apps import AppConfig


class LeadingConfig(AppConfig):
    name = "fengqiao.leading"
    label = "leading"
