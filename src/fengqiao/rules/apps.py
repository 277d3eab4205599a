from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "fengqiao.rules"
    label = "rules"
