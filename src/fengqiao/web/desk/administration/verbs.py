"""The audit's verbs in words. A verb that is not known here is shown as its code."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fengqiao.dispatch.enums import AssignmentAction, CallState
from fengqiao.flows.people import Care
from fengqiao.matters.enums import Action

# What the filter offers: the first word of the verb.
FAMILIES = {
    "person": gettext_lazy("登录与账号"),
    "matter": gettext_lazy("事项"),
    "dispatch": gettext_lazy("承办"),
    "whistle": gettext_lazy("吹哨"),
    "party": gettext_lazy("查看完整号码"),
    "paper": gettext_lazy("文书"),
    "notice": gettext_lazy("告知"),
    "import": gettext_lazy("事项导入"),
    "export": gettext_lazy("台账导出"),
    "divisions": gettext_lazy("区划导入"),
    "organisation": gettext_lazy("机构导入"),
    "page": gettext_lazy("打开页面"),
}

WORDS = {
    "person.signed_in": gettext_lazy("登录"),
    "person.signed_out": gettext_lazy("退出"),
    "person.sign_in_failed": gettext_lazy("登录失败"),
    "person.second_factor": gettext_lazy("第二重验证变动"),
    "person.password_changed": gettext_lazy("改密码"),
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
    "notice.give": gettext_lazy("告知"),
    "notice.given": gettext_lazy("告知"),
    "paper.serve": gettext_lazy("登记文书送达"),
    "paper.served": gettext_lazy("登记文书送达"),
    "page.get": gettext_lazy("打开页面"),
    "page.post": gettext_lazy("提交页面"),
    "import.finished": gettext_lazy("导入事项"),
    "export.order": gettext_lazy("要求导出台账"),
    "export.write": gettext_lazy("写导出文件"),
    "export.written": gettext_lazy("导出文件写成"),
    "export.download": gettext_lazy("下载导出文件"),
    "divisions.imported": gettext_lazy("导入区划"),
    "organisation.imported": gettext_lazy("导入机构与人员"),
}

FACTOR_CHANGES = {
    "added:totp": gettext_lazy("设置了手机验证器"),
    "removed:totp": gettext_lazy("停用了手机验证器"),
    "added:recovery_codes": gettext_lazy("生成了备用码"),
    "removed:recovery_codes": gettext_lazy("备用码作废"),
    "reset:recovery_codes": gettext_lazy("换了一组备用码"),
    "used:recovery_codes": gettext_lazy("用了一个备用码"),
}

SUBJECTS = {
    "matter": gettext_lazy("事项"),
    "person": gettext_lazy("人员"),
    "post": gettext_lazy("岗位"),
    "call": gettext_lazy("应哨"),
    "whistle": gettext_lazy("吹哨"),
    "identity": gettext_lazy("当事人"),
    "contact": gettext_lazy("联系方式"),
    "import": gettext_lazy("导入"),
    "export": gettext_lazy("导出"),
}


def in_words(verb: str, details: dict[str, Any]) -> str:
    """What was done or tried, as a sentence for the auditor."""
    if verb == "person.second_factor" and details.get("change") in FACTOR_CHANGES:
        return str(FACTOR_CHANGES[details["change"]])
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
