"""The system administrator enters who works here; the security administrator lets them in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.flows import people as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.places.domain.enrolments import NewPerson, masked_telephone
from fengqiao.places.models import Department
from fengqiao.places.queries import bodies
from fengqiao.places.queries import people as query
from fengqiao.web.desk.administration.places import administrator, asked_for, screen
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import show_refusal


class PersonForm(forms.Form):
    """Somebody who is known. The telephone is never shown again: what is left empty stays."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=64)
    telephone = forms.CharField(
        label=gettext_lazy("电话"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("加密保存，只给安全管理员用来联系本人；以后只显示头尾几位。"),
    )
    home = forms.TypedChoiceField(
        label=gettext_lazy("原单位"),
        required=False,
        coerce=UUID,
        empty_value=None,
    )

    def __init__(self, actor: Actor, *args: Any, home: Department | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        found = bodies.in_reach(Department, actor).filter(valid_until=None).order_by("division_id", "name")
        offered = [(str(each.pk), each.name) for each in found]
        if home is not None and str(home.pk) not in dict(offered):
            offered.insert(0, (str(home.pk), home.name))
        field = self.fields["home"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [choices.NOTHING, *offered]

    def to_person(self) -> NewPerson:
        """What a valid form says."""
        return NewPerson(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


class NewPersonForm(PersonForm):
    login = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("小写字母、数字和 . _ -，以字母开头；定了以后不改。"),
    )
    field_order = ("name", "login", "telephone", "home")


@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody entered or stationed inside the division, by login name."""
    actor = administrator(request)
    form = asked_for(request)
    wanted = query.PeopleFilter(name=form.cleaned_data["q"])
    page = query.page(actor, wanted, cursor=request.GET.get("cursor", ""))
    here = reverse("places_people")
    asked = {"q": wanted.name} if wanted.name else {}
    context = {
        "part": "people",
        "rows": [_row(person) for person in page.rows],
        "next_href": f"{here}?{urlencode(asked | {'cursor': page.next_cursor})}" if page.next_cursor else "",
        "first_href": "" if page.is_first else f"{here}?{urlencode(asked)}",
    }
    return screen(request, actor, form, "administration/staff.html", context)


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    actor = administrator(request)
    form = NewPersonForm(actor, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = flow.enter(actor=actor, new=form.to_person())
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request,
                _("已登记：%(name)s。请安全管理员派任岗位、设初始密码，本人才能登录。") % {"name": made.name},
            )
            return redirect("places_people")
    with scope(actor):
        return _page(request, form, title=_("登记人员"), save=_("登记人员"))


@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Name, telephone and home of somebody who is known."""
    actor = administrator(request)
    found = query.with_posts(query.in_reach(actor)).filter(pk=person_id).first()
    if found is None:
        raise NotAllowed("person_not_found", _("您管理的范围内没有这个人。"))
    enrolment = getattr(found, "enrolment", None)
    home = enrolment.home_department if enrolment else None
    initial = {
        "name": found.name,
        "home": str(home.pk) if home else "",
        "version": enrolment.version if enrolment else 0,
    }
    form = PersonForm(actor, request.POST if request.method == "POST" else None, home=home, initial=initial)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            flow.amend(actor=actor, person_id=person_id, new=form.to_person(), version=version)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("places_people")
    with scope(actor):
        return _page(
            request,
            form,
            title=found.name,
            save=_("保存"),
            person=found,
            telephone=masked_telephone(enrolment),
        )


def _row(person: Person) -> dict[str, Any]:
    today = clock.today()
    enrolment = getattr(person, "enrolment", None)
    return {
        "person": person,
        "home": enrolment.home_department if enrolment else None,
        "telephone": masked_telephone(enrolment),
        "roles": sorted(str(role.label) for role in query.roles_held(person, today)),
    }


def _page(request: HttpRequest, form: forms.Form, **more: Any) -> HttpResponse:
    context = {"form": form} | more
    return render(request, "administration/staff_form.html", context, status=422 if form.is_bound else 200)
