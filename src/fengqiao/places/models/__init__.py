from fengqiao.places.models.bodies import Body, Centre, Department, DepartmentService, Residence
from fengqiao.places.models.division import Division, DivisionChange, Grid
from fengqiao.places.models.enrolments import Enrolment
from fengqiao.places.models.machines import MachineClient
from fengqiao.places.models.posts import Post, Stationing

__all__ = [
    "Body",
    "Centre",
    "Department",
    "DepartmentService",
    "Division",
    "DivisionChange",
    "Enrolment",
    "Grid",
    "MachineClient",
    "Post",
    "Residence",
    "Stationing",
]
