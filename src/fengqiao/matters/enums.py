"""The words of a matter. Codes of the field: shared glossary; categories are data (rules/)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Step(TextChoices):
    """The six steps (六步走)."""

    REGISTER = "register", _("登记受理")
    MEDIATE = "mediate", _("先行调解")
    ASSESS = "assess", _("风险研判")
    ROUTE = "route", _("分类流转")
    TRACK = "track", _("跟踪督办")
    SETTLE = "settle", _("案结事了")


class State(TextChoices):
    """Where in its step a matter stands; each state belongs to one step and says whose turn it is."""

    REGISTERED = "registered", _("待受理")
    ACCEPTED = "accepted", _("已受理待处置")
    MEDIATING = "mediating", _("调解中")
    ASSESSING = "assessing", _("待研判")
    ROUTING = "routing", _("待分类")
    DISPATCHING = "dispatching", _("待交办")
    HANDLING = "handling", _("部门在办")
    SETTLED = "settled", _("待回访")
    VISITED = "visited", _("待评价")
    EVALUATED = "evaluated", _("待结案")
    CLOSED = "closed", _("已结案")
    ARCHIVED = "archived", _("已归档")


STEP_OF: dict[State, Step] = {
    State.REGISTERED: Step.REGISTER,
    State.ACCEPTED: Step.REGISTER,
    State.MEDIATING: Step.MEDIATE,
    State.ASSESSING: Step.ASSESS,
    State.ROUTING: Step.ROUTE,
    State.DISPATCHING: Step.ROUTE,
    State.HANDLING: Step.TRACK,
    State.SETTLED: Step.SETTLE,
    State.VISITED: Step.SETTLE,
    State.EVALUATED: Step.SETTLE,
    State.CLOSED: Step.SETTLE,
    State.ARCHIVED: Step.SETTLE,
}

OPEN_STATES = tuple(s for s in State if s not in (State.CLOSED, State.ARCHIVED))


class Action(TextChoices):
    """Everything that can be done to a matter through the step table."""

    ACCEPT = "accept", _("受理")
    GUIDE = "guide", _("引导移交")
    REDIRECT = "redirect", _("导入法定程序")
    SETTLE_ON_SPOT = "settle_on_spot", _("当场化解")
    SEND_TO_MEDIATION = "send_to_mediation", _("转入调解")
    SKIP_MEDIATION = "skip_mediation", _("不经调解")
    HAND_OVER = "hand_over", _("移交调解员")
    RECORD_MEDIATION = "record_mediation", _("记录调解结果")
    ASSESS = "assess", _("风险研判")
    ROUTE = "route", _("分类流转")
    DISPATCH = "dispatch", _("交办")
    SETTLE = "settle", _("办结")
    RETURN_VISIT = "return_visit", _("回访")
    EVALUATE = "evaluate", _("评价")
    RECORD_PERFORMANCE = "record_performance", _("记录履行")
    RECORD_RECEIPT = "record_receipt", _("登记接收回执")
    TELL_REMEDIES = "tell_remedies", _("书面告知救济途径")
    CLOSE = "close", _("结案")
    ARCHIVE = "archive", _("归档")
    REOPEN = "reopen", _("重启")
    WITHDRAW = "withdraw", _("撤回")
    RAISE = "raise", _("提级")
    HAND_DOWN = "hand_down", _("下交")
    TURNED_CRIMINAL = "turned_criminal", _("民转刑")
    REVIEW_CRIMINAL = "review_criminal", _("民转刑复盘")
    DANGER = "danger", _("紧急处置")
    DANGER_OVER = "danger_over", _("解除紧急")
    RECUSE = "recuse", _("回避")
    AMEND = "amend", _("补正登记")
    LINK = "link", _("关联事项")
    ATTACH = "attach", _("添加材料")
    MERGE = "merge", _("并入")
    TAKE_OVER = "take_over", _("历史办结导入")


class Channel(TextChoices):
    VISIT = "visit", _("来访")
    PHONE = "phone", _("来电")
    BELL = "bell", _("24小时服务铃")
    GRID = "grid", _("网格上报")
    HOTLINE = "hotline_12345", _("12345热线")
    COMMUNITY_POLICE = "community_police", _("社区警务/110")
    PETITION = "petition", _("信访转来")
    COURT = "court_assigned", _("法院委派")
    HOME_VISIT = "home_visit", _("夜访/家访")
    ONLINE = "online", _("网上")
    SUPERIOR = "superior", _("上级交办")


class ClaimKind(TextChoices):
    RESOLVE = "resolve", _("求决")
    REPORT = "report", _("检举")
    SUGGEST = "suggest", _("建议")
    CONSULT = "consult", _("咨询")


class Scale(TextChoices):
    INDIVIDUAL = "01", _("个体")
    GROUP = "02", _("一般群体性")
    MAJOR_GROUP = "03", _("重大群体性")


class Danger(TextChoices):
    NONE = "none", _("无")
    VIOLENCE = "violence", _("可能有暴力")
    SELF_HARM = "self_harm", _("可能自伤")
    DOMESTIC = "domestic_violence", _("家庭暴力")


class AgainstKind(TextChoices):
    PERSON = "person", _("个人")
    ORGANISATION = "organisation", _("单位")
    PUBLIC_BODY = "public_body", _("行政机关")
    OFFICIAL = "official", _("工作人员")
    NONE = "none", _("无对方")


class Track(TextChoices):
    PETITION = "petition", _("信访")
    LEGAL = "legal", _("涉法涉诉")
    DEPARTMENTAL = "departmental", _("行业部门")


class Risk(TextChoices):
    HIGH = "high", _("高风险")
    MEDIUM = "medium", _("中风险")
    LOW = "low", _("低风险")


class Tier(TextChoices):
    """How hard a matter is to settle, and so which level's centre is the usual one for it. Of matters, not people."""

    SIMPLE = "simple", _("简单 · 村级")
    COMPLEX = "complex", _("复杂 · 镇级")
    HARD = "hard", _("疑难 · 县级")


class Restriction(TextChoices):
    OPEN = "open", _("普通")
    RESTRICTED = "restricted", _("限阅")
    SEALED = "sealed", _("封存")


class Outcome(TextChoices):
    SETTLED_ON_SPOT = "settled_on_spot", pgettext_lazy("结果", "当场化解")
    WRITTEN_AGREEMENT = "written_agreement", _("书面协议")
    ORAL_AGREEMENT = "oral_agreement", _("口头协议")
    SETTLED = "settled", _("部门办结")
    DECLINED = "declined", _("不予受理")
    GUIDED = "guided", pgettext_lazy("结果", "引导移交")
    REDIRECTED = "redirected", pgettext_lazy("结果", "导入法定程序")
    WITHDRAWN = "withdrawn", pgettext_lazy("结果", "撤回")
    MERGED = "merged", pgettext_lazy("结果", "已并入")
    HISTORY = "history", _("历史办结")


class Performance(TextChoices):
    NONE = "none", _("无需履行")
    RUNNING = "running", _("履行中")
    PERFORMED = "performed", _("已履行")
    DEFAULTED = "defaulted", _("未履行")


class PartyRole(TextChoices):
    PETITIONER = "petitioner", _("反映人")
    RESPONDENT = "respondent", _("对方")
    THIRD = "third", _("第三人")


class PartyKind(TextChoices):
    PERSON = "person", _("自然人")
    ORGANISATION = "organisation", _("单位")
    ANONYMOUS = "anonymous", _("匿名")


class IdentityKind(TextChoices):
    RESIDENT_ID = "resident_id", _("居民身份证")
    PASSPORT = "passport", _("护照")
    HK_MACAO = "hk_macao_permit", _("港澳居民来往内地通行证")
    TAIWAN = "taiwan_permit", _("台湾居民来往大陆通行证")
    CREDIT_CODE = "credit_code", _("统一社会信用代码")
    NONE = "none", _("未提供")


class ContactKind(TextChoices):
    PHONE = "phone", _("电话")
    ADDRESS = "address", _("住址")


class ProcedureKind(TextChoices):
    LITIGATION = "litigation", _("诉讼")
    ARBITRATION = "arbitration", _("仲裁")
    ADMINISTRATIVE_REVIEW = "administrative_review", _("行政复议")
    PETITION = "petition", _("信访")
    POLICE = "police", _("公安办案")
    ENFORCEMENT = "enforcement", _("行政执法")
    NOTARISATION = "notarisation", _("公证")
    LEGAL_AID = "legal_aid", _("法律援助")
    OTHER = "other", _("其他")


class ProcedureStage(TextChoices):
    RUNNING = "running", _("正在进行")
    ENDED = "ended", _("已经终结")
    FINAL = "final", _("信访复核终结")


class OutsideSystem(TextChoices):
    PROVINCE = "province", _("省平台")
    HOTLINE = "12345", _("12345")
    PETITION = "petition", _("信访系统")
    POLICE = "police", _("社区警务")
    COURT = "court", _("法院")
    OTHER = "other", _("其他")


class VisitMethod(TextChoices):
    PHONE = "phone", _("电话")
    DOOR = "door", _("上门")
    WINDOW = "window", _("窗口")


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", _("满意")
    BASIC = "basic", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")
    UNTOLD = "untold", _("未表示")


class WordKind(TextChoices):
    """What a sentence written with an action is."""

    REASON = "reason", _("理由")
    GROUNDS = "grounds", _("依据")
    EXPLANATION = "explanation", _("说明")
    SUMMARY = "summary", _("情况")
    REPLY = "reply", _("答复")


class ReplayState(TextChoices):
    """How far a replay of the ledger under a draft has come."""

    RUNNING = "running", _("正在试算")
    DONE = "done", _("已算完")


class DueTurn(TextChoices):
    """How the limit of a matter that ends first would move under a draft."""

    EARLIER = "earlier", _("提前")
    LATER = "later", _("推后")
    BEGINS = "begins", _("新有期限")
    ENDS = "ends", _("不再有期限")
