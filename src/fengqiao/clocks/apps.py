from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "fengqiao.clocks"
    label = "clocks"
