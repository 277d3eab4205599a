from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "fengqiao.config"
    label = "config"

    def ready(self) -> None:
        from fengqiao.config import wiring

        wiring.connect_all()
