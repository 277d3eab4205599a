from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "fengqiao.accounts"
    label = "accounts"

    def ready(self) -> None:
        from fengqiao.accounts import receivers  # noqa: F401  allauth reports by signal
