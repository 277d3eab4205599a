from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "fengqiao.study"
    label = "study"
