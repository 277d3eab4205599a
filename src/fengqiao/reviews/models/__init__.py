from fengqiao.reviews.models.listed import ListedFact
from fengqiao.reviews.models.review import Review
from fengqiao.reviews.models.sampling import CheckedItem, Sample, SampledFile

__all__ = ["CheckedItem", "ListedFact", "Review", "Sample", "SampledFile"]
