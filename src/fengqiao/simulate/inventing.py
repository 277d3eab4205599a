"""Invented people and numbers: plausible to the program, belonging to nobody."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fengqiao.kernel.identity import CREDIT_ALPHABET, credit_check_character, resident_check_digit

SURNAMES = "吴郑冯梁岑黎聂唐司徒莫甄伍谭关陈李张黄何罗林周胡郭何卢苏邓区"
GIVEN = (
    "伟芳娟敏静丽强磊军洋勇艳杰涛明超秀兰霞平刚桂英玉萍红建华"
    "文辉国海燕志雄嘉欣浩然子轩俊锦荣惠珍瑞琼绮雯健聪焕仪妙嫦炳坤"
)
FIRMS = ("兴达", "恒泰", "鸿运", "金碧", "富源", "顺景", "万和", "嘉宏", "锦城", "新港")
TRADES = (
    "陶瓷有限公司",
    "物业服务有限公司",
    "电子厂",
    "建筑工程队",
    "农业发展有限公司",
    "商贸行",
    "培训中心",
    "餐饮店",
)
# 恩平's own code stands at the head of an invented number; the day and sequence are drawn.
REGION = "440785"


def name(rng: Random) -> str:
    """A name of two or three characters (司徒 is a common one here)."""
    surname = rng.choice(SURNAMES)
    if surname in "司徒":
        surname = "司徒"
    return surname + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def resident_id(rng: Random) -> str:
    """A number with a right check digit; of sequence 9xx, which is kept for this county's play."""
    born = date(1945, 1, 1) + timedelta(days=rng.randrange(22_000))
    first = f"{REGION}{born:%Y%m%d}9{rng.randrange(100):02d}"
    return first + resident_check_digit(first)


def credit_code(rng: Random) -> str:
    """A credit code with a right check character."""
    first = "91" + REGION + "".join(rng.choice(CREDIT_ALPHABET) for _ in range(9))
    return first + credit_check_character(first)


def phone(rng: Random) -> str:
    """A mobile number in a range that no operator uses (100xxxxxxxx)."""
    return f"100{rng.randrange(10**8):08d}"


def firm(rng: Random) -> str:
    """An organisation that does not exist."""
    return rng.choice(FIRMS) + rng.choice(TRADES)


def travel_document(rng: Random) -> tuple[str, str]:
    """Jiangmen is a home of emigrants: a passport or a permit of Hong Kong, Macao or Taiwan."""
    kind = rng.choice(("passport", "hk_macao_permit", "taiwan_permit"))
    if kind == "passport":
        return kind, f"E{rng.randrange(10**8):08d}"
    if kind == "hk_macao_permit":
        return kind, f"{rng.choice('HM')}{rng.randrange(10**8):08d}"
    return kind, f"{rng.randrange(10**8):08d}"
