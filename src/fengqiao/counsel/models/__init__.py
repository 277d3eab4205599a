from fengqiao.counsel.models.consultation import Consultation, GivenOpinion, Invitee

__all__ = ["Consultation", "GivenOpinion", "Invitee"]
