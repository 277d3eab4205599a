from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DepartmentKind(TextChoices):
    """What a department is in charge of, whatever its local name."""

    POLITICS_LAW = "politics_law", _("政法委")
    COURT = "court", _("法院")
    PROCURATORATE = "procuratorate", _("检察院")
    POLICE = "police", _("公安")
    JUSTICE = "justice", _("司法行政")
    PETITION = "petition", _("信访")
    LABOUR = "labour", _("人社")
    HOUSING = "housing", _("住建")
    NATURAL_RESOURCES = "natural_resources", _("自然资源")
    AGRICULTURE = "agriculture", _("农业农村")
    URBAN_MANAGEMENT = "urban_management", _("城管")
    MARKET = "market", _("市场监管")
    EDUCATION = "education", _("教育")
    HEALTH = "health", _("卫健")
    CIVIL_AFFAIRS = "civil_affairs", _("民政")
    TRANSPORT = "transport", _("交通运输")
    WATER = "water", _("水利")
    ECOLOGY = "ecology", _("生态环境")
    EMERGENCY = "emergency", _("应急管理")
    WOMENS_FEDERATION = "womens_federation", _("妇联")
    TRADE_UNION = "trade_union", _("总工会")
    TAX = "tax", _("税务")
    OVERSEAS_CHINESE = "overseas_chinese", _("侨务")
    VETERANS = "veterans", _("退役军人事务")
    CULTURE = "culture", _("文广旅体")
    FINANCE = "finance", _("金融工作")
    TERRITORY = "territory", _("属地镇街")


# Courts and procuratorates decide independently (field/rights.md): invited and informed, never commanded.
INDEPENDENT = frozenset({DepartmentKind.COURT, DepartmentKind.PROCURATORATE})

# The resident seven of "7+N".
RESIDENT_SEVEN = (
    DepartmentKind.POLITICS_LAW,
    DepartmentKind.COURT,
    DepartmentKind.PROCURATORATE,
    DepartmentKind.POLICE,
    DepartmentKind.JUSTICE,
    DepartmentKind.PETITION,
    DepartmentKind.LABOUR,
)


class CentreLevel(TextChoices):
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    TOWN = "town", _("镇街")
    VILLAGE = "village", _("村居")


class ResidenceMode(TextChoices):
    RESIDENT = "resident", _("常驻")
    ROTATING = "rotating", _("轮驻")
