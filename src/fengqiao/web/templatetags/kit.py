"""The kit: the parts that every page is made of. Plain values in, accessible HTML out. No database here."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fengqiao.agreements.drawing import is_as_drawn, path_of
from fengqiao.agreements.models import Signature
from fengqiao.rules.queries.words import in_readers_language
from fengqiao.web.kit.keeping import key_of

register = template.Library()
FEW = 3


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite (names: frontend/vite.config.js). Decorative unless it gets a label."""
    href = f"{static('fengqiao/dist/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag(takes_context=True)
def keeps(context: Any, name: str, key: Any = "") -> SafeString:
    """The attributes of a form that keeps what is typed, of the person who reads the page; ``data-keeps-done``
    (``keeps_done``) says that it is not needed any more."""
    called, secret = key_of(f"{name}-{key}", context["request"].user.pk)
    return format_html('data-keeps="{}" data-keep-key="{}"', called, secret)


@register.simple_tag(takes_context=True)
def keeps_done(context: Any, name: str, key: Any = "") -> str:
    """By which name the browser forgets what it kept for a form that was taken."""
    return key_of(f"{name}-{key}", context["request"].user.pk)[0]


@register.filter
def of_rules(text: str) -> str:
    """What a shipped table says, in the reader's language; a county's own words as they are."""
    return in_readers_language(text)


@register.simple_tag
def sign_in_elsewhere() -> Any:
    """The provider that people may sign in at, or None."""
    return settings.SIGN_IN_ELSEWHERE


@register.simple_tag
def chip(text: Any, tone: str = "", href: str = "", icon_name: str = "") -> SafeString:
    """A small mark. ``tone``: "", "on", "red", "amber", "green"."""
    inner = format_html("{}{}", icon(icon_name) if icon_name else "", text)
    if href:
        return format_html('<a class="chip {}" href="{}">{}</a>', tone, href, inner)
    return format_html('<span class="chip {}">{}</span>', tone, inner)


@register.simple_tag
def light(colour: str, text: Any) -> SafeString:
    """A clock's light with its words, never by colour alone. ``colour``: green, yellow, red, grey."""
    return format_html('<span class="light {}">{}</span>', colour, text)


COLOUR_ICONS = {"red": "alert-triangle", "yellow": "clock", "green": "circle-check"}


@register.simple_tag
def clock_light(shown: Any, nothing: str = "—") -> SafeString:
    """The light of a limit: colour, icon and words (``matters.queries.lights.Light``), and ``nothing`` for None."""
    if shown is None:
        return format_html('<span class="sub">{}</span>', nothing)
    return format_html(
        '<span class="light marked {}" title="{}">{}{}</span>',
        shown.colour.value,
        shown.colour.label,
        icon(COLOUR_ICONS[shown.colour.value]),
        shown.words,
    )


@register.inclusion_tag("kit/steps.html")
def steps_bar(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """The six steps: a list of {label, state: done|now|todo, note}."""
    return {"steps": steps}


@register.inclusion_tag("kit/number.html")
def number(value: Any, label: Any, href: str, alarm: bool = False) -> dict[str, Any]:
    """A number that opens into the rows it counts. Put several inside <div class="nums">."""
    return {"value": value, "label": label, "href": href, "alarm": alarm}


@register.inclusion_tag("kit/empty.html")
def empty(text: Any, icon_name: str = "inbox", href: str = "", action: Any = "") -> dict[str, Any]:
    """What an empty list says: what would fill it, and the way there."""
    return {"text": text, "icon_name": icon_name, "href": href, "action": action}


@register.inclusion_tag("kit/pager.html")
def pager(next_href: str = "", first_href: str = "", note: Any = "") -> dict[str, Any]:
    """Forward by cursor, and back to the beginning."""
    return {"next_href": next_href, "first_href": first_href, "note": note}


@register.inclusion_tag("kit/timeline.html")
def timeline(items: list[dict[str, Any]]) -> dict[str, Any]:
    """A history: a list of {at, text, by, note, tone: ""|"b"|"r"}."""
    return {"items": items}


@register.inclusion_tag("kit/masked.html")
def masked(value: Any, href: str = "", label: Any = "") -> dict[str, Any]:
    """A masked value; ``href`` fetches the dialog that asks for the reason (htmx, into the page's end)."""
    return {"value": value, "href": href, "label": label}


@register.inclusion_tag("kit/field.html")
def field(bound: BoundField, help_text: Any = "", hide_label: bool = False) -> dict[str, Any]:
    """A form field with label, mark of what is required, help, and its errors beside it."""
    widget = bound.field.widget
    attrs: dict[str, Any] = {}
    describes = []
    if bound.errors:
        attrs["aria-invalid"] = "true"
        attrs["class"] = (widget.attrs.get("class", "") + " is-invalid").strip()
        describes.append(f"{bound.auto_id}-error")
    if help_text or bound.help_text:
        describes.append(f"{bound.auto_id}-help")
    if hide_label:
        attrs["aria-label"] = bound.label
    if describes:
        attrs["aria-describedby"] = " ".join(describes)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "help_text": help_text or bound.help_text,
        "hide_label": hide_label,
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        # Where one would click and click, one click ticks them all.
        "many": isinstance(widget, CheckboxSelectMultiple) and len(list(widget.choices)) > FEW,
        "required": bound.field.required,
    }


@register.simple_tag
def options(widget: dict[str, Any]) -> SafeString:
    """All options of a select in one go: a template for each cost half of a page with long lists."""
    return format_html_join(
        "\n",
        "{}{}{}",
        (
            (
                format_html('<optgroup label="{}">', group) if group else "",
                format_html_join("", '<option value="{}"{}>{}</option>', map(_option, offered)),
                SafeString("</optgroup>") if group else "",
            )
            for group, offered, _place in widget["optgroups"]
        ),
    )


def _option(offered: dict[str, Any]) -> tuple[str, SafeString, Any]:
    return str(offered["value"]), flatatt(offered["attrs"]), offered["label"]


@register.inclusion_tag("kit/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """The errors that belong to no single field, at the head of the form."""
    return {"errors": form.non_field_errors() if hasattr(form, "non_field_errors") else form}


@register.filter
def money(amount: Decimal) -> str:
    """Yuan with their thousands apart; fen only where there are some."""
    return f"{amount:,.2f}".removesuffix(".00")


@register.filter
def in_days(days: int) -> str:
    """A number of whole days in words; less than one is today."""
    return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days} if days else _("今天")


@register.filter
def listed(words: Iterable[Any]) -> str:
    """Several words one after another, as the reader's language joins them."""
    return _("、").join(str(word) for word in words)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value of a mapping by a key that is a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def drawn_path(strokes: Any) -> str:
    """What was drawn on a tablet, as the path of an SVG."""
    return path_of(strokes)


@register.filter
def drawn_under(signature: Signature, paper: str) -> bool:
    """Whether it is as it was drawn under these words (their digest)."""
    return is_as_drawn(signature, paper)


@register.filter
def as_picture(svg: str) -> SafeString:
    """A drawing of ours on a printed page."""
    data = base64.b64encode(svg.encode()).decode()
    return format_html('<img class="drawn" alt="" src="data:image/svg+xml;base64,{}">', data)
