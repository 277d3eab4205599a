from fengqiao.places.models.bodies import Centre, Department, DepartmentService, Residence
from fengqiao.places.models.division import Division, Grid
from fengqiao.places.models.posts import Post, Stationing

__all__ = [
    "Centre",
    "Department",
    "DepartmentService",
    "Division",
    "Grid",
    "Post",
    "Residence",
    "Stationing",
]
