from fengqiao.exchange.models.export_run import ExportRun

__all__ = ["ExportRun"]
