from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "fengqiao.dispatch"
    label = "dispatch"

    def ready(self) -> None:
        from fengqiao.dispatch import guards

        guards.supply_own()
