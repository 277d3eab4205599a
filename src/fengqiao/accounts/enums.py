"""Roles: what a post is for. A person acts as one post at a time."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    REGISTRAR = "registrar", _("登记岗")
    PETITION_OFFICER = "petition_officer", _("信访岗")
    LEGAL_OFFICER = "legal_officer", _("政法服务岗")
    INDUSTRY_OFFICER = "industry_officer", _("行业部门岗")
    DISPATCHER = "dispatcher", _("调度岗")
    MEDIATOR = "mediator", _("调解员")
    HANDLER = "handler", _("部门承办人")
    DIRECTOR = "director", _("中心主任")
    EXECUTIVE_DEPUTY = "executive_deputy", _("常务副主任")
    STANDING_DEPUTY = "standing_deputy", _("常驻副主任")
    DUTY_COMMANDER = "duty_commander", _("值班指挥长")
    PETITION_INSPECTOR = "petition_inspector", _("信访督查员")
    SUPERVISOR = "supervisor", _("督导员")
    COMMISSION = "commission", _("政法委督办岗")
    AUDITOR = "auditor", _("审计管理员")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")
    SECURITY_ADMINISTRATOR = "security_administrator", _("安全管理员")
    EXCHANGE = "exchange", _("数据交换")


# Three administrators, three works (等保三级): none can do another's, none reads a matter.
ADMINISTRATORS = frozenset({Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR})

LEADERS = frozenset({Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.STANDING_DEPUTY})

# Posts at a department. The political-legal commission (政法委) is one; it decides on supervision, and nothing else.
AT_DEPARTMENTS = frozenset({Role.HANDLER, Role.COMMISSION})

# Officers of the three window posts, each competent for its own track.
WINDOW_POSTS = frozenset({Role.PETITION_OFFICER, Role.LEGAL_OFFICER, Role.INDUSTRY_OFFICER})

# Posts of a centre that work on procedure.
CENTRE_ROLES = frozenset(
    {Role.REGISTRAR, Role.DISPATCHER, Role.MEDIATOR, Role.DUTY_COMMANDER, Role.PETITION_INSPECTOR}
    | LEADERS
    | WINDOW_POSTS
)
