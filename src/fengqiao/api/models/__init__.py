from fengqiao.api.models.answered import AnsweredRequest

__all__ = ["AnsweredRequest"]
