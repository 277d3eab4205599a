from fengqiao.matters.models.history import HistoryEvent, Word
from fengqiao.matters.models.matter import Claim, Matter, MatterLink, OutsideNumber, Procedure
from fengqiao.matters.models.party import Party, PartyContact
from fengqiao.matters.models.replay import Replay, Replayed
from fengqiao.matters.models.results import Assessment, Disposition, Evaluation, MatterFile, Visit
from fengqiao.matters.models.ruling import Ruling
from fengqiao.matters.models.saved_view import SavedView
from fengqiao.matters.models.sight import Handed, Informed, LaidBefore, NamedReader, Recusal

__all__ = [
    "Assessment",
    "Claim",
    "Disposition",
    "Evaluation",
    "Handed",
    "HistoryEvent",
    "Informed",
    "LaidBefore",
    "Matter",
    "MatterFile",
    "MatterLink",
    "NamedReader",
    "OutsideNumber",
    "Party",
    "PartyContact",
    "Procedure",
    "Recusal",
    "Replay",
    "Replayed",
    "Ruling",
    "SavedView",
    "Visit",
    "Word",
]
