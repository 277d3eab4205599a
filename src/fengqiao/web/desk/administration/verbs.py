"""The audit's verbs in words. A verb that is not known here is shown as its code."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fengqiao.agreements.enums import AgreementAction
from fengqiao.confirmation.enums import CourtAction
from fengqiao.counsel.enums import AdviserAction, ConsultationAction, TeamAction
from fengqiao.dispatch.enums import AssignmentAction, CallState
from fengqiao.flows.people import Care
from fengqiao.leading.enums import InstructionAction, KeyAction, RecommendationAction
from fengqiao.matters.enums import Action
from fengqiao.mediation.enums import MediationAction
from fengqiao.pool.enums import LawyerAction, PoolAction
from fengqiao.referrals.enums import ReferralAction
from fengqiao.reporting.enums import ReportAction
from fengqiao.reviews.enums import CaseAction, HeldAction, SampleAction
from fengqiao.study.enums import StudyAction
from fengqiao.supervision.enums import SupervisionAction

# What the filter offers: the first word of the verb.
FAMILIES = {
    "person": gettext_lazy("登录与账号"),
    "matter": gettext_lazy("事项"),
    "dispatch": gettext_lazy("承办"),
    "whistle": gettext_lazy("吹哨"),
    "supervision": gettext_lazy("督办"),
    "key": gettext_lazy("重点案件"),
    "instruction": gettext_lazy("领导批示"),
    "recommendation": gettext_lazy("源头治理建议"),
    "mediation": gettext_lazy("调解"),
    "agreement": gettext_lazy("调解协议"),
    "referral": gettext_lazy("转介和移交"),
    "court": gettext_lazy("司法确认和诉讼"),
    "report": gettext_lazy("风险直报"),
    "mediators": gettext_lazy("调解员名册"),
    "room": gettext_lazy("品牌调解室"),
    "consultation": gettext_lazy("法律会诊"),
    "talent": gettext_lazy("人才库"),
    "turn": gettext_lazy("律师值班"),
    "market": gettext_lazy("市场化调解组织"),
    "lawyer": gettext_lazy("约访律师"),
    "team": gettext_lazy("三人小组和工作专班"),
    "adviser": gettext_lazy("法律顾问名册"),
    "study": gettext_lazy("研判委员会"),
    "review": gettext_lazy("责任清单"),
    "sample": gettext_lazy("结案抽查"),
    "case": gettext_lazy("评查与复盘"),
    "party": gettext_lazy("查看完整号码"),
    "paper": gettext_lazy("文书"),
    "dossier": gettext_lazy("卷宗"),
    "scans": gettext_lazy("扫描件"),
    "template": gettext_lazy("文书模板"),
    "notice": gettext_lazy("告知"),
    "import": gettext_lazy("事项导入"),
    "export": gettext_lazy("台账导出"),
    "statistics": gettext_lazy("统计表"),
    "view": gettext_lazy("台账视图"),
    "centre": gettext_lazy("综治中心增改"),
    "department": gettext_lazy("部门增改"),
    "division": gettext_lazy("区划增改"),
    "grid": gettext_lazy("网格增改"),
    "clock": gettext_lazy("时限变动"),
    "calendar": gettext_lazy("工作日历"),
    "divisions": gettext_lazy("区划导入"),
    "organisation": gettext_lazy("机构导入"),
    "machine": gettext_lazy("系统对接"),
    "webhook": gettext_lazy("事件订阅"),
    "reaching": gettext_lazy("站外通知"),
    "rules": gettext_lazy("规则表"),
    "page": gettext_lazy("打开页面"),
    "api": gettext_lazy("接口调用"),
}

WORDS = {
    "agreement.sketch": gettext_lazy("边谈边写协议草稿"),
    "review.export": gettext_lazy("导出责任清单"),
    "due.export": gettext_lazy("导出超期与临期"),
    "supervision.export": gettext_lazy("导出督办清单"),
    "court.packet": gettext_lazy("下载法院材料"),
    "mediators.enter": gettext_lazy("登记调解员"),
    "mediators.end": gettext_lazy("停用调解员"),
    **{each.value: each.label for each in PoolAction},
    "study.name_member": gettext_lazy("登记研判委员"),
    "study.end_member": gettext_lazy("停任研判委员"),
    "study.read_file": gettext_lazy("打开研判材料"),
    "rules.replay": gettext_lazy("试算规则表草案"),
    "rules.begin": gettext_lazy("起草规则表"),
    "rules.rewrite": gettext_lazy("修改规则表草案"),
    "rules.submit": gettext_lazy("提交规则表草案"),
    "rules.take_back": gettext_lazy("收回规则表草案"),
    "rules.drop": gettext_lazy("撤下规则表草案"),
    "rules.approve": gettext_lazy("批准规则表"),
    "rules.send_back": gettext_lazy("退回规则表草案"),
    "rules.end": gettext_lazy("停用规则表"),
    "person.signed_in": gettext_lazy("登录"),
    "person.signed_out": gettext_lazy("退出"),
    "person.sign_in_failed": gettext_lazy("登录失败"),
    "person.second_factor": gettext_lazy("第二重验证变动"),
    "person.linked": gettext_lazy("首次用统一身份登录，已绑定"),
    "person.password_changed": gettext_lazy("改密码"),
    "person.enter": gettext_lazy("登记人员"),
    "person.amend": gettext_lazy("修改人员登记"),
    "person.show_telephone": gettext_lazy("查看工作人员电话"),
    "person.open_post": gettext_lazy("派任岗位"),
    "person.end_post": gettext_lazy("结束任职"),
    "person.choose_post": gettext_lazy("选择岗位"),
    "matter.register": gettext_lazy("登记事项"),
    "matter.registered": gettext_lazy("登记事项"),
    "matter.restricted": gettext_lazy("事项设为限阅"),
    "matter.reader_named": gettext_lazy("指定查阅人"),
    "matter.readers_follow": gettext_lazy("限阅事项移交，接手的人可查阅"),
    "matter.name_reader": gettext_lazy("指定查阅人"),
    "matter.restrict": gettext_lazy("事项设为限阅"),
    "matter.seal": gettext_lazy("封存事项"),
    "matter.merged_in": gettext_lazy("有事项并入"),
    "matter.sealed": gettext_lazy("封存事项"),
    "matter.read_restricted": gettext_lazy("查看限阅事项"),
    "party.unmask": gettext_lazy("查看完整号码"),
    "party.unmasked": gettext_lazy("查看完整号码"),
    "whistle.call": gettext_lazy("吹哨"),
    "whistle.score": gettext_lazy("应哨评分"),
    "whistle.scored": gettext_lazy("应哨评分"),
    "whistle.rescored": gettext_lazy("修改应哨评分"),
    "notice.give": gettext_lazy("告知"),
    "notice.given": gettext_lazy("告知"),
    "paper.serve": gettext_lazy("登记文书送达"),
    "paper.served": gettext_lazy("登记文书送达"),
    "paper.signed": gettext_lazy("签字件归卷"),
    "paper.signed_anew": gettext_lazy("更换签字件"),
    "paper.taken_out": gettext_lazy("撤出签字件"),
    "scans.hand_in": gettext_lazy("交扫描件"),
    "scans.read": gettext_lazy("识别扫描件"),
    "scans.resume": gettext_lazy("重新识别扫描件"),
    "scans.place": gettext_lazy("指定扫描页归到哪份文书"),
    "scans.set_aside": gettext_lazy("搁置扫描页"),
    "scans.download": gettext_lazy("下载交来的扫描件"),
    "mediation.note": gettext_lazy("写谈话记录"),
    "dossier.order": gettext_lazy("要求装订卷宗"),
    "dossier.bound": gettext_lazy("装订卷宗"),
    "template.upload": gettext_lazy("上传本县文书模板"),
    "template.approve": gettext_lazy("批准本县文书模板"),
    "template.drop": gettext_lazy("撤下本县文书模板"),
    "template.end": gettext_lazy("停用本县文书模板"),
    "dossier.list_for_disposal": gettext_lazy("列入卷宗销毁清册"),
    "dossier.decide_disposal": gettext_lazy("审批卷宗销毁清册"),
    "dossier.disposed": gettext_lazy("销毁卷宗"),
    "dossier.disposal_sheet": gettext_lazy("导出卷宗销毁清册"),
    "dossier.download": gettext_lazy("下载卷宗"),
    "page.get": gettext_lazy("打开页面"),
    "page.post": gettext_lazy("提交页面"),
    "api.get": gettext_lazy("经接口查看"),
    "api.post": gettext_lazy("经接口提交"),
    "api.put": gettext_lazy("经接口改写"),
    "api.delete": gettext_lazy("经接口删除"),
    "import.upload": gettext_lazy("上传台账"),
    "import.recheck": gettext_lazy("重新检查台账"),
    "import.confirm": gettext_lazy("确认导入台账"),
    "import.drop": gettext_lazy("撤下上传的台账"),
    "import.resume": gettext_lazy("接着导入台账"),
    "import.download": gettext_lazy("下载未导入的行"),
    "import.work": gettext_lazy("导入台账的后台工作"),
    "import.map_unit": gettext_lazy("对照台账里的单位"),
    "import.finished": gettext_lazy("导入事项"),
    "export.order": gettext_lazy("要求导出台账"),
    "export.write": gettext_lazy("写导出文件"),
    "export.written": gettext_lazy("导出文件写成"),
    "export.download": gettext_lazy("下载导出文件"),
    "export.schedule": gettext_lazy("设定时导出"),
    "export.reschedule": gettext_lazy("修改定时导出"),
    "export.stop_schedule": gettext_lazy("停止定时导出"),
    "export.scheduled": gettext_lazy("到时导出台账"),
    "reaching.choose": gettext_lazy("设置站外通知"),
    "view.save": gettext_lazy("保存台账视图"),
    "view.change": gettext_lazy("修改台账视图"),
    "view.remove": gettext_lazy("删除台账视图"),
    "centre.add": gettext_lazy("新增综治中心"),
    "centre.amend": gettext_lazy("修改综治中心"),
    "centre.residents": gettext_lazy("修改进驻单位"),
    "centre.end": gettext_lazy("撤销综治中心"),
    "centre.reopen": gettext_lazy("恢复综治中心"),
    "department.add": gettext_lazy("新增部门"),
    "department.amend": gettext_lazy("修改部门"),
    "department.end": gettext_lazy("撤销部门"),
    "department.reopen": gettext_lazy("恢复部门"),
    "division.add": gettext_lazy("新增区划"),
    "division.rename": gettext_lazy("区划改名"),
    "division.end": gettext_lazy("撤销区划"),
    "division.reopen": gettext_lazy("恢复区划"),
    "grid.add": gettext_lazy("新增网格"),
    "grid.amend": gettext_lazy("修改网格"),
    "grid.end": gettext_lazy("撤销网格"),
    "grid.reopen": gettext_lazy("恢复网格"),
    "clock.record": gettext_lazy("记录时限事实"),
    "clock.correct": gettext_lazy("更正时限事实"),
    "clock.take_back": gettext_lazy("撤回时限事实"),
    "clock.pause": gettext_lazy("中止计时"),
    "clock.resume": gettext_lazy("恢复计时"),
    "clock.restart": gettext_lazy("重新计算时限"),
    "clock.fulfil": gettext_lazy("记录已经办到"),
    "clock.ask_extension": gettext_lazy("申请延长时限"),
    "clock.decide_extension": gettext_lazy("审批延长时限"),
    "clock.decide_extension.granted": gettext_lazy("同意延长时限"),
    "clock.decide_extension.refused": gettext_lazy("不同意延长时限"),
    "calendar.notice": gettext_lazy("录入放假通知"),
    "calendar.closure": gettext_lazy("录入停办"),
    "calendar.withdraw": gettext_lazy("撤下日历条目"),
    "machine.issue": gettext_lazy("开通系统对接"),
    "machine.end": gettext_lazy("停用系统对接"),
    "machine.token": gettext_lazy("系统申请令牌"),
    "webhook.subscribe": gettext_lazy("新建事件订阅"),
    "webhook.end": gettext_lazy("停用事件订阅"),
    "webhook.resend": gettext_lazy("重新送出事件"),
    "webhook.test": gettext_lazy("送出测试事件"),
    "keys.added": gettext_lazy("新增密钥"),
    "keys.used": gettext_lazy("启用新密钥"),
    "keys.rotated": gettext_lazy("重新加密完成"),
    "keys.retired": gettext_lazy("旧密钥作废"),
    "divisions.imported": gettext_lazy("导入区划"),
    "statistics.export": gettext_lazy("导出人民调解统计表"),
    "organisation.imported": gettext_lazy("导入机构与人员"),
}

FACTOR_CHANGES = {
    "added:totp": gettext_lazy("设置了手机验证器"),
    "removed:totp": gettext_lazy("停用了手机验证器"),
    "added:webauthn": gettext_lazy("添加了安全密钥"),
    "removed:webauthn": gettext_lazy("移除了安全密钥"),
    "added:recovery_codes": gettext_lazy("生成了备用码"),
    "removed:recovery_codes": gettext_lazy("备用码作废"),
    "reset:recovery_codes": gettext_lazy("换了一组备用码"),
    "used:recovery_codes": gettext_lazy("用了一个备用码"),
}

SUBJECTS = {
    "matter": gettext_lazy("事项"),
    "person": gettext_lazy("人员"),
    "post": gettext_lazy("岗位"),
    "room": gettext_lazy("品牌调解室"),
    "talent": gettext_lazy("人才库"),
    "body": gettext_lazy("调解组织"),
    "call": gettext_lazy("应哨"),
    "whistle": gettext_lazy("吹哨"),
    "centre": gettext_lazy("综治中心"),
    "department": gettext_lazy("部门"),
    "division": gettext_lazy("区划"),
    "grid": gettext_lazy("网格"),
    "calendar_entry": gettext_lazy("日历条目"),
    "identity": gettext_lazy("当事人"),
    "contact": gettext_lazy("联系方式"),
    "import": gettext_lazy("导入"),
    "unit": gettext_lazy("台账里的单位"),
    "export": gettext_lazy("导出"),
    "view": gettext_lazy("台账视图"),
    "schedule": gettext_lazy("定时导出"),
    "machine": gettext_lazy("系统对接"),
    "webhook": gettext_lazy("事件订阅"),
    "batch": gettext_lazy("卷宗销毁清册"),
    "template": gettext_lazy("文书模板"),
}


def in_words(verb: str, details: dict[str, Any]) -> str:
    """What was done or tried, as a sentence for the auditor."""
    if verb == "person.second_factor" and details.get("change") in FACTOR_CHANGES:
        return str(FACTOR_CHANGES[details["change"]])
    if verb == "person.signed_in" and details.get("elsewhere"):
        return _("登录（统一身份）")
    if verb == "person.signed_in" and details.get("second_factor"):
        return _("登录（两重验证）")
    if verb in WORDS:
        return str(WORDS[verb])
    family, _dot, rest = verb.partition(".")
    action, _dot, branch = rest.partition(".")
    labels: dict[str, type[Any]] = {
        "matter": Action,
        "dispatch": AssignmentAction,
        "whistle": CallState,
        "person": Care,
        "supervision": SupervisionAction,
        "key": KeyAction,
        "instruction": InstructionAction,
        "recommendation": RecommendationAction,
        "mediation": MediationAction,
        "agreement": AgreementAction,
        "referral": ReferralAction,
        "court": CourtAction,
        "lawyer": LawyerAction,
        "review": HeldAction,
        "report": ReportAction,
        "consultation": ConsultationAction,
        "team": TeamAction,
        "adviser": AdviserAction,
        "study": StudyAction,
        "sample": SampleAction,
        "case": CaseAction,
    }
    known = labels.get(family)
    if known is None or action not in known.values:
        return verb
    label = str(known(action).label)
    # A branch has no word of its own everywhere; its code tells the auditor more than a guess would.
    return _("%(label)s（%(more)s）") % {"label": label, "more": branch} if branch else label


def subject_in_words(subject: str) -> tuple[str, str]:
    """The kind of what it was done to, and its reference, shortened for reading."""
    kind, colon, key = subject.partition(":")
    if not colon:
        return "", subject
    return str(SUBJECTS.get(kind, kind)), key
