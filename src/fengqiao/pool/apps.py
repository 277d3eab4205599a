from django.apps import AppConfig


class PoolConfig(AppConfig):
    name = "fengqiao.pool"
    label = "pool"
