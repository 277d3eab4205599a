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
    ARBITRATION = "arbitration", _("劳动人事争议仲裁委")
    TERRITORY = "territory", _("属地镇街")


# Courts and procuratorates decide independently (field/rights.md): invited and informed, never commanded.
INDEPENDENT = frozenset({DepartmentKind.COURT, DepartmentKind.PROCURATORATE})

# Nobody supervises how these handle a case: courts and procuratorates, and the commissions that arbitrate
# (劳动争议调解仲裁法 第20、43条; field/counting.md: shown, never lit, chased or listed).
EXEMPT_FROM_SUPERVISION = INDEPENDENT | {DepartmentKind.ARBITRATION}

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


# The level of a centre by the level of its division (kernel.codes.division_level).
CENTRE_LEVELS = {2: CentreLevel.CITY, 3: CentreLevel.COUNTY, 4: CentreLevel.TOWN, 5: CentreLevel.VILLAGE}


class ResidenceMode(TextChoices):
    RESIDENT = "resident", _("常驻")
    ROTATING = "rotating", _("轮驻")
    # Was present before: nothing is deleted.
    LEFT = "left", _("已撤出")


class MachineScope(TextChoices):
    """What the token of a machine client may be used for. Its post says where."""

    READ = "matters:read", _("查看事项")
    WRITE = "matters:write", _("登记和办理事项")


class DivisionChangeKind(TextChoices):
    """What a notice did to a division."""

    ADDED = "added", _("新设")
    RENAMED = "renamed", _("更名")
    ENDED = "ended", _("已撤销")
    # A last day that was written by mistake.
    REOPENED = "reopened", _("已恢复")
