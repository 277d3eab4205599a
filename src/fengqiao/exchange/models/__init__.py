from fengqiao.exchange.models.export_run import ExportRun
from fengqiao.exchange.models.export_schedule import ExportSchedule
from fengqiao.exchange.models.import_run import BadRow, ImportRun
from fengqiao.exchange.models.webhooks import Delivery, Subscription
from fengqiao.exchange.models.written_unit import WrittenUnit

__all__ = [
    "BadRow",
    "Delivery",
    "ExportRun",
    "ExportSchedule",
    "ImportRun",
    "Subscription",
    "WrittenUnit",
]
