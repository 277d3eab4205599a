from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a notice is about, as the addressee reads it. Nothing but this is said of a matter."""

    DISPATCHED = "dispatched", _("有事项交办给本单位")
    RETURN_ASKED = "return_asked", _("部门申请退回，等裁定")
    RETURN_UPHELD = "return_upheld", _("退回已同意，改由别的单位承办")
    RETURN_REFUSED = "return_refused", _("退回未同意，仍由本单位承办")
    EXTENSION_ASKED = "extension_asked", _("部门申请延期，等审批")
    EXTENSION_APPROVED = "extension_approved", _("延期已同意")
    EXTENSION_REFUSED = "extension_refused", _("延期未同意，期限不变")
    WHISTLED = "whistled", _("中心吹哨，请马上应哨")
    INVITED = "invited", _("中心邀请本单位到场")
    TO_MEDIATE = "to_mediate", _("有事项交给您调解")
    # Of limits: rules/data/chasing.csv says who is told which, and when.
    TURNED_YELLOW = "turned_yellow", _("有时限快到了，请抓紧办")
    TURNED_RED = "turned_red", _("有时限到了还没有办，请马上办")
    VISIT_DUE = "visit_due", _("有事项该回访了")
    VISIT_LATE = "visit_late", _("回访的时限到了还没有做")
    STILL_LATE = "still_late", _("有事项超期未办，请催办")
    LONG_LATE = "long_late", _("有事项超期多日未办，请过问")
    SUPERVISION_PROPOSED = "supervision_proposed", _("有督办提请针对本单位，可以申辩")
    SUPERVISION_TO_DECIDE = "supervision_to_decide", _("有督办提请等政法委决定")
    SUPERVISION_ANSWERED = "supervision_answered", _("单位对督办提请作了申辩")
    SUPERVISION_ORDERED = "supervision_ordered", _("本单位被督办，请按期反馈")
    SUPERVISION_DECIDED = "supervision_decided", _("政法委对督办提请作了决定")
    SUPERVISION_REPORTED = "supervision_reported", _("被督办单位作了反馈")
    SUPERVISION_LIFTED = "supervision_lifted", _("督办已解除")
    RAISED = "raised", _("有事项提级到本中心")
    HANDED_DOWN = "handed_down", _("有事项下交到本中心")
    RAISED_MOVED = "raised_moved", _("从本中心提级的事项有了进展")
    LEADS_MATTER = "leads_matter", _("有事项由您包案")
    LOOK_DUE = "look_due", _("包案事项快到过问的日子了")
    LOOK_LATE = "look_late", _("包案事项到了日子没有过问")
    INSTRUCTED = "instructed", _("有领导批示要办理")
    INSTRUCTION_ANSWERED = "instruction_answered", _("批示有了答复，等认定")
    INSTRUCTION_SENT_BACK = "instruction_sent_back", _("批示的答复被退回，请再办")
    INSTRUCTION_ACCEPTED = "instruction_accepted", _("批示的办理已经认定")
    FACT_LISTED = "fact_listed", _("有事实拟列入责任清单，本单位可以答复")
    FACT_REPLIED = "fact_replied", _("单位对责任清单上的事实作了答复")
    FACT_WITHDRAWN = "fact_withdrawn", _("责任清单上的一条已撤回")
    REPORT_DUE = "report_due", _("有事项应当风险直报，请马上报")
    REPORT_WAITS = "report_waits", _("应当直报的事项还没有报，请马上报")
    REPORTED = "reported", _("有风险直报，请马上阅")
    REPORT_UNREAD = "report_unread", _("有风险直报您还没有阅")
    REPORT_UNREAD_BY_OTHERS = "report_unread_by_others", _("风险直报还有人没有阅，请电话催")
    REVIEW_OPENED = "review_opened", _("有事项要评查或者复盘")
    REVIEW_FOUND = "review_found", _("评查意见已写好，等政法委作结论")
    REVIEW_TO_MEND = "review_to_mend", _("评查、抽查中有问题要整改")
    REVIEW_ANSWERED = "review_answered", _("中心反馈了评查整改")
    STUDY_INVITED = "study_invited", _("请您参加一次研判，请回复")
    STUDY_MATERIALS = "study_materials", _("您参加的研判补充了材料")
    STUDY_REPLIED = "study_replied", _("研判委员回复了邀请")
    STUDY_OPINION = "study_opinion", _("研判委员提交了意见")
    STUDY_CONCLUDED = "study_concluded", _("您参加的研判已有结论")
    STUDY_CALLED_OFF = "study_called_off", _("您受邀的研判已取消")
    STUDY_ADVICE = "study_advice", _("研判委员会对本单位承办的事项有建议")
    CONSULTATION_CALLED = "consultation_called", _("请您参加法律会诊，请回复")
    CONSULTATION_REPLIED = "consultation_replied", _("会诊人员回复了邀请")
    CONSULTATION_OPINION = "consultation_opinion", _("会诊人员提交了意见，等主持人签发")
    CONSULTATION_SIGNED = "consultation_signed", _("法律会诊意见书已签发")
    TEAM_TASK = "team_task", _("有小组任务轮到您")
    CONSULTATION_OFF = "consultation_off", _("您受邀的法律会诊已取消")
    TALK_PLANNED = "talk_planned", _("有一次会谈安排好了")
    TALK_MOVED = "talk_moved", _("有一次会谈改期了")
    TALK_OFF = "talk_off", _("有一次会谈取消了，还没有定新的时间")
    # Of days that people agreed on: rules/data/chasing.csv says who is told which, and when.
    TERM_SOON = "term_soon", _("协议里有一项快到期了，请提醒一声")
    TERM_TODAY = "term_today", _("协议里有一项就要到期，请看看履行了没有")
    TERM_LATE = "term_late", _("协议里有一项到期没有履行，请核实、催告")
    TERM_VISIT = "term_visit", _("催告以后仍没有履行，请上门督促")
    TERM_ADVISE = "term_advise", _("上门以后仍没有履行，请告知救济途径")
    TALK_SOON = "talk_soon", _("会谈快到了，请准备")
    TALK_UNWRITTEN = "talk_unwritten", _("安排的会谈时间过了，请记录谈了没有")
    ANSWER_LATE = "answer_late", _("转介过了商定的日子没有答复，请催问")
    HANDED_IN_SOON = "handed_in_soon", _("移交来的快到商定交回的日子了")
    HANDED_IN_LATE = "handed_in_late", _("移交来的过了商定的日子，还没有交回结果")
    SUPPLY_SOON = "supply_soon", _("法院要求补充的快到期了，请提醒当事人")
    HEARING_SOON = "hearing_soon", _("开庭或者询问的日子快到了")
    CONFIRM_SOON = "confirm_soon", _("申请司法确认的三十日快满了，请告诉双方")
    ENFORCE_SOON = "enforce_soon", _("申请强制执行的期限快满了，请告诉权利人")
    CONSULTATION_SOON = "consultation_soon", _("您参加的法律会诊快到了")
    CONSULTATION_WAITS = "consultation_waits", _("法律会诊还在等您的意见或者签发")
    LAWYER_SOON = "lawyer_soon", _("约好的律师咨询快到了，请告诉当事人")
    REFERRED = "referred", _("有转介请本单位答复")
    REFERRAL_URGED = "referral_urged", _("中心在催问转介，请答复")
    REFERRAL_OFF = "referral_off", _("给本单位的转介已撤回")
    REFERRAL_ACCEPTED = "referral_accepted", _("转介已被接收")
    REFERRAL_REFUSED = "referral_refused", _("转介没有被接收，请另想办法")
    REFERRAL_RETURNED = "referral_returned", _("转介的结果交回来了")
    COURT_ASKED = "court_asked", _("法院要求补充材料，请告诉当事人")
    COURT_HEARS = "court_hears", _("法院定了开庭或者询问的日子")
    COURT_DECIDED = "court_decided", _("法院那边有了进展")
    LAWYER_BOOKED = "lawyer_booked", _("当事人约了律师")
    LAWYER_MOVED = "lawyer_moved", _("约好的律师咨询改了时间")
    LAWYER_OFF = "lawyer_off", _("约好的律师咨询取消了")
    EXPORT_READY = "export_ready", _("导出写好了，可以下载")
    EXPORT_REFUSED = "export_refused", _("导出没有写成")
    IMPORT_CHECKED = "import_checked", _("台账检查完了，等您确认")
    IMPORT_DONE = "import_done", _("台账导入完了")
    IMPORT_ENDED = "import_ended", _("台账没有导入成")


class Urgency(TextChoices):
    ROUTINE = "routine", _("一般")
    # Not held by quiet hours.
    URGENT = "urgent", _("紧急")


class Opens(TextChoices):
    """What a notice leads to; the doors know the addresses."""

    MATTER = "matter"
    WHISTLES = "whistles"
    EXPORTS = "exports"
    IMPORT = "import"
    REPORT = "report"
    STUDY = "study"
    CONSULTATION = "consultation"
    TEAMS = "teams"
    REFERRALS = "referrals"


OPENS = {
    Kind.WHISTLED: Opens.WHISTLES,
    Kind.INVITED: Opens.WHISTLES,
    Kind.EXPORT_READY: Opens.EXPORTS,
    Kind.EXPORT_REFUSED: Opens.EXPORTS,
    Kind.IMPORT_CHECKED: Opens.IMPORT,
    Kind.IMPORT_DONE: Opens.IMPORT,
    Kind.IMPORT_ENDED: Opens.IMPORT,
    Kind.REPORTED: Opens.REPORT,
    Kind.REPORT_UNREAD: Opens.REPORT,
    Kind.STUDY_INVITED: Opens.STUDY,
    Kind.STUDY_MATERIALS: Opens.STUDY,
    Kind.STUDY_REPLIED: Opens.STUDY,
    Kind.STUDY_OPINION: Opens.STUDY,
    Kind.STUDY_CONCLUDED: Opens.STUDY,
    Kind.TEAM_TASK: Opens.TEAMS,
    # An office sees what it was asked, and not the matter.
    Kind.REFERRED: Opens.REFERRALS,
    Kind.REFERRAL_URGED: Opens.REFERRALS,
    Kind.REFERRAL_OFF: Opens.REFERRALS,
    Kind.CONSULTATION_CALLED: Opens.CONSULTATION,
    Kind.CONSULTATION_REPLIED: Opens.CONSULTATION,
    Kind.CONSULTATION_OPINION: Opens.CONSULTATION,
    Kind.CONSULTATION_SIGNED: Opens.CONSULTATION,
    Kind.CONSULTATION_SOON: Opens.CONSULTATION,
    Kind.CONSULTATION_WAITS: Opens.CONSULTATION,
}
# Somebody is needed now.
URGENT = frozenset(
    {
        Kind.WHISTLED,
        Kind.INVITED,
        Kind.REPORT_DUE,
        Kind.REPORT_WAITS,
        Kind.REPORTED,
        Kind.REPORT_UNREAD,
        Kind.REPORT_UNREAD_BY_OTHERS,
    }
)
