from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "fengqiao.matters"
    label = "matters"

    def ready(self) -> None:
        from fengqiao.matters import guards

        guards.supply_own()
