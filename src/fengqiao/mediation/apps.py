from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "fengqiao.mediation"
    label = "mediation"

    def ready(self) -> None:
        from fengqiao.mediation import guards

        guards.supply_own()
