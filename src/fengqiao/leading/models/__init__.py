from fengqiao.leading.models.key_matter import Charge, KeyMatter, Look

__all__ = ["Charge", "KeyMatter", "Look"]
