from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExportFormat(TextChoices):
    XLSX = "xlsx", "Excel"
    CSV = "csv", "CSV"


class ExportState(TextChoices):
    ORDERED = "ordered", _("排队中")
    WRITING = "writing", _("正在写")
    DONE = "done", _("可以下载")
    REFUSED = "refused", _("没有导出")
    EXPIRED = "expired", _("已过期删除")


UNFINISHED = (ExportState.ORDERED, ExportState.WRITING)


class ImportState(TextChoices):
    CHECKING = "checking", _("正在检查")
    READY = "ready", _("待确认")
    UNUSABLE = "unusable", _("不能导入")
    ORDERED = "ordered", _("等待导入")
    RUNNING = "running", _("正在导入")
    DONE = "done", _("已导入")
    ENDED = "ended", _("已中止")
    DROPPED = "dropped", _("已撤下")


# A job has it in hand, or will.
IN_HAND = (ImportState.CHECKING, ImportState.ORDERED, ImportState.RUNNING)


class Every(TextChoices):
    """How often a scheduled export is made."""

    DAY = "day", _("每天")
    WEEK = "week", _("每周")
    MONTH = "month", _("每月")


class EventType(TextChoices):
    """What other systems can subscribe to: the type of a CloudEvent, without its first word."""

    REGISTERED = "matter.registered", pgettext_lazy("事件", "登记")
    ACCEPTED = "matter.accepted", pgettext_lazy("事件", "受理")
    MEDIATION_BEGUN = "matter.mediation_begun", pgettext_lazy("事件", "转入调解")
    MEDIATED = "matter.mediated", _("调解有结果")
    ASSESSED = "matter.assessed", _("研判完成")
    ROUTED = "matter.routed", _("分类完成")
    DISPATCHED = "matter.dispatched", pgettext_lazy("事件", "交办")
    REDIRECTED = "matter.redirected", _("引导移交或导入法定程序")
    SETTLED = "matter.settled", pgettext_lazy("事件", "办结")
    VISITED = "matter.visited", pgettext_lazy("事件", "回访")
    CLOSED = "matter.closed", pgettext_lazy("事件", "结案")
    ARCHIVED = "matter.archived", pgettext_lazy("事件", "归档")
    REOPENED = "matter.reopened", pgettext_lazy("事件", "重启")
    WITHDRAWN = "matter.withdrawn", pgettext_lazy("事件", "撤回")
    MERGED = "matter.merged", _("并入其他事项")
    RAISED = "matter.raised", pgettext_lazy("事件", "提级")
    HANDED_DOWN = "matter.handed_down", pgettext_lazy("事件", "下交")
    STEP_CHANGED = "matter.step_changed", _("环节变动")
    CHECKED_IN = "dispatch.checked_in", _("部门报到")
    RETURN_ASKED = "dispatch.return_asked", _("部门申请退回")
    ARBITRATED = "dispatch.arbitrated", pgettext_lazy("事件", "裁定承办")
    DISPOSED = "dispatch.disposed", _("部门写出办理结果")
    SIGNED_OFF = "dispatch.signed_off", _("部门会签")


# A test at the wish of the administrator; nobody has to subscribe to it.
TEST_EVENT = "test"


class DeliveryState(TextChoices):
    WAITING = "waiting", _("等待送出")
    DONE = "done", _("已送达")
    DEAD = "dead", _("没有送达")
    # The matter became restricted, or the post no longer sees it: it is told to nobody any more.
    WITHHELD = "withheld", _("不再送出")


class Problem(TextChoices):
    """Why a try failed, in our words: what a receiver answers is not kept, it may echo what we sent."""

    NONE = "", ""
    ANSWER = "answer", _("对方没有确认")
    TIMEOUT = "timeout", _("对方没有按时回答")
    UNREACHABLE = "unreachable", _("连不上对方")
    NOT_TRUSTED = "not_trusted", _("对方的证书不能验证")
    UNKNOWN_HOST = "unknown_host", _("域名查不到")
    FORBIDDEN_ADDRESS = "forbidden_address", _("地址在不允许的网段")
    REDIRECT = "redirect", _("对方要求转到别的地址")
    POST_ENDED = "post_ended", _("数据交换岗位没有开始或已经结束")
    INTERRUPTED = "interrupted", _("送出时中断，不知道对方是否收到")
    ENDED = "ended", _("订阅已经停用")
