from fengqiao.leading.models.instruction import Instruction, InstructionAnswer
from fengqiao.leading.models.key_matter import Charge, KeyMatter, Look
from fengqiao.leading.models.recommendation import (
    Recommendation,
    RecommendationNumber,
    RecommendationSource,
)

__all__ = [
    "Charge",
    "Instruction",
    "InstructionAnswer",
    "KeyMatter",
    "Look",
    "Recommendation",
    "RecommendationNumber",
    "RecommendationSource",
]
