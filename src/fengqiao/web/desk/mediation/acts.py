"""Which form belongs to which act of a mediation."""

from __future__ import annotations

from fengqiao.mediation.enums import MediationAction
from fengqiao.web.desk.mediation.evidence import BringForm, LapseForm, PromiseForm
from fengqiao.web.desk.mediation.forms import (
    AdjournForm,
    AnswerHelpForm,
    AskHelpForm,
    AskRecusalForm,
    BeginForm,
    DecideRecusalForm,
    EndForm,
    FeeForm,
    FootingForm,
    HelpForm,
    LeaveForm,
    OfMediation,
    PlanForm,
    ResultForm,
    RoomForm,
    StandForm,
)

FORMS: dict[MediationAction, type[OfMediation]] = {
    MediationAction.FOOTING: FootingForm,
    MediationAction.FEE: FeeForm,
    MediationAction.ROOM: RoomForm,
    MediationAction.STAND: StandForm,
    MediationAction.HELP: HelpForm,
    MediationAction.LEAVE: LeaveForm,
    MediationAction.ASK_HELP: AskHelpForm,
    MediationAction.ANSWER_HELP: AnswerHelpForm,
    MediationAction.ASK_RECUSAL: AskRecusalForm,
    MediationAction.DECIDE_RECUSAL: DecideRecusalForm,
    MediationAction.PLAN: PlanForm,
    MediationAction.BEGIN: BeginForm,
    MediationAction.END: EndForm,
    MediationAction.ADJOURN: AdjournForm,
    MediationAction.PROMISE: PromiseForm,
    MediationAction.BRING: BringForm,
    MediationAction.LAPSE: LapseForm,
    MediationAction.RESULT: ResultForm,
}
