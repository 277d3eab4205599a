from fengqiao.leading.models.instruction import Instruction, InstructionAnswer
from fengqiao.leading.models.key_matter import Charge, KeyMatter, Look

__all__ = ["Charge", "Instruction", "InstructionAnswer", "KeyMatter", "Look"]
