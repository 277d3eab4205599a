"""The sentences of problem documents that no flow has written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

TITLES: dict[int, Any] = {
    400: gettext_lazy("请求无法读取"),
    401: gettext_lazy("请先登录"),
    403: gettext_lazy("不允许"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("这个地址不接受这种方法"),
    409: gettext_lazy("与现在的情况不符"),
    412: gettext_lazy("已被他人改动"),
    413: gettext_lazy("内容太大"),
    422: gettext_lazy("内容有误"),
    428: gettext_lazy("缺少前提条件"),
    429: gettext_lazy("请求太多"),
    500: gettext_lazy("程序出错"),
    503: gettext_lazy("暂时无法服务"),
}

# What the shapes say, in the words of the product. What is not here is "not right in this form".
SHAPE_WORDS: dict[str, Any] = {
    "missing": gettext_lazy("这一项必填。"),
    "extra_forbidden": gettext_lazy("没有这一项。"),
    "enum": gettext_lazy("不在可选的值之中。"),
    "literal_error": gettext_lazy("不在可选的值之中。"),
    "string_too_long": gettext_lazy("太长：最多 %(max_length)s 字。"),
    "string_too_short": gettext_lazy("太短：至少 %(min_length)s 字。"),
    "too_long": gettext_lazy("太多：最多 %(max_length)s 项。"),
    "too_short": gettext_lazy("太少：至少 %(min_length)s 项。"),
    "repeated": gettext_lazy("同一件事项写了两次。"),
    "string_unicode": gettext_lazy("文字中有无法保存的字符。"),
    "not_kept": gettext_lazy("文字中有无法保存的字符。"),
    "greater_than_equal": gettext_lazy("不能小于 %(ge)s。"),
    "less_than_equal": gettext_lazy("不能大于 %(le)s。"),
    "hour_with_zone": gettext_lazy("钟点不带时区，如 09:30。"),
    "timezone_aware": gettext_lazy("时间须带时区，如 2026-11-20T09:30:00+08:00。"),
}
