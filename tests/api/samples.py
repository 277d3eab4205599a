"""What each action may be sent: right in its shape, of bodies and people that nobody knows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fengqiao.dispatch.enums import AssignmentAction
from fengqiao.matters.enums import Action

NOBODY = str(UUID(int=1))
ANOTHER = "440785-20260101-999999"

SAMPLES: dict[Action, dict[str, Any]] = {
    Action.ACCEPT: {},
    Action.GUIDE: {"body": "人民法院", "explanation": "解释过向哪里起诉"},
    Action.REDIRECT: {"kind": "litigation", "body": "人民法院", "explanation": "应走诉讼程序"},
    Action.SETTLE_ON_SPOT: {"result": "当场答复，来访人满意"},
    Action.SEND_TO_MEDIATION: {"method": "phone", "consents": [{"party": NOBODY, "agreed": True}]},
    Action.SKIP_MEDIATION: {"refused": True, "reason": "对方明确拒绝"},
    Action.HAND_OVER: {"mediator_id": NOBODY, "reason": "出差"},
    Action.RECORD_MEDIATION: {"result": "oral", "text": "双方口头约定月底付清"},
    Action.ASSESS: {"level": "low", "grounds": "人数不多，情绪平稳，没有过激的话。"},
    Action.ROUTE: {"track": "departmental", "reason": "属人社部门职责"},
    Action.DISPATCH: {"lead": NOBODY, "message": "请依法处理"},
    Action.SETTLE: {},
    Action.RETURN_VISIT: {"method": "phone", "reached": True, "satisfaction": "satisfied"},
    Action.EVALUATE: {"lawful": True, "complete": True},
    Action.RECORD_PERFORMANCE: {"performed": True, "summary": "已经付清，有收条"},
    Action.RECORD_RECEIPT: {"number": "法院收字1号"},
    Action.TELL_REMEDIES: {"text": "可以申请复查，三十日内提出"},
    Action.CLOSE: {},
    Action.ARCHIVE: {},
    Action.REOPEN: {"reason": "对方没有履行"},
    Action.WITHDRAW: {"reason": "来访人撤回"},
    Action.RAISE: {"reason": "超出本级职权"},
    Action.HAND_DOWN: {"centre_id": NOBODY, "reason": "由镇里办理"},
    Action.TURNED_CRIMINAL: {"summary": "公安已经立案"},
    Action.REVIEW_CRIMINAL: {"review": "研判时没有发现苗头，今后多问一句。"},
    Action.DANGER: {"kind": "violence", "summary": "有人说要砸门"},
    Action.DANGER_OVER: {"summary": "已经劝离"},
    Action.RECUSE: {"person_id": NOBODY, "reason": "亲属"},
    Action.AMEND: {"address": "工业三路1号"},
    Action.LINK: {"other": ANOTHER, "reason": "同一家人"},
    Action.MERGE: {"main": ANOTHER, "reason": "同一件事"},
}

OF_DEPARTMENTS: dict[AssignmentAction, dict[str, Any]] = {
    AssignmentAction.CHECK_IN: {},
    AssignmentAction.PROGRESS: {"text": "已约谈厂方"},
    AssignmentAction.ASK_RETURN: {"reason": "不属于本单位职责", "basis": "三定方案第二条"},
    AssignmentAction.ARBITRATE: {"uphold": False, "grounds": "属该单位职责"},
    AssignmentAction.ASK_EXTENSION: {"until": "2099-01-01", "reason": "需要外出调查"},
    AssignmentAction.DECIDE_EXTENSION: {"approve": True},
    AssignmentAction.DISPOSE: {"result": "厂方已付清两个月工资，工人签收。"},
    AssignmentAction.SIGN_OFF: {"opinion": "agree"},
    AssignmentAction.OVERRIDE: {"reason": "逾期未会签，由主任代为通过"},
}
