from django.apps import AppConfig


class ConfirmationConfig(AppConfig):
    name = "fengqiao.confirmation"
    label = "confirmation"
