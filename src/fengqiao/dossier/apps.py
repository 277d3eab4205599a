from django.apps import AppConfig


class DossierConfig(AppConfig):
    name = "fengqiao.dossier"
    label = "dossier"
