from django.apps import AppConfig


class CounselConfig(AppConfig):
    name = "fengqiao.counsel"
    label = "counsel"
