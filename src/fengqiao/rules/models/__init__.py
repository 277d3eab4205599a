from fengqiao.rules.models.table_version import TableVersion

__all__ = ["TableVersion"]
