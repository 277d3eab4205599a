from django.apps import AppConfig


class SimulateConfig(AppConfig):
    name = "fengqiao.simulate"
    label = "simulate"
