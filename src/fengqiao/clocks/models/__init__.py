from fengqiao.clocks.models.calendar import CalendarEntry, CalendarSpan
from fengqiao.clocks.models.clock import Clock
from fengqiao.clocks.models.day_told import DayTold
from fengqiao.clocks.models.fact import Fact
from fengqiao.clocks.models.reminder import Reminder

__all__ = ["CalendarEntry", "CalendarSpan", "Clock", "DayTold", "Fact", "Reminder"]
