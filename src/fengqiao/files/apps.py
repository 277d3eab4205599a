from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "fengqiao.files"
    label = "files"
