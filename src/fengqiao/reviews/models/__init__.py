from fengqiao.reviews.models.listed import ListedFact

__all__ = ["ListedFact"]
