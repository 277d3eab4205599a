from fengqiao.counsel.models.adviser import Adviser
from fengqiao.counsel.models.consultation import Consultation, GivenOpinion, Invitee
from fengqiao.counsel.models.team import Member, Team, TeamMatter, TeamTask

__all__ = ["Adviser", "TeamMatter", "Consultation", "GivenOpinion", "Invitee", "Member", "Team", "TeamTask"]
