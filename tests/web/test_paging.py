"""Plain lists go on: a page of rows, where the next one is, and never further than an address may lead."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from fengqiao.web.kit import paging

THREE = [1, 2, 3]


@pytest.mark.parametrize(
    ("address", "rows", "further", "first"),
    [
        ("/?state=done", [1, 2], "?state=done&page=2", ""),
        ("/?state=done&page=2", [3], "", "?state=done"),
        # What is no number is the first page; what leads too far is the last that there can be.
        *((f"/?page={said}", [1, 2], "?page=2", "") for said in ("0", "-1", "x", "²", "1000000")),
        ("/?page=9", [], "", "?"),
    ],
)
def test_a_list_goes_on_where_the_address_says(
    monkeypatch: pytest.MonkeyPatch, address: str, rows: list[int], further: str, first: str
):
    monkeypatch.setattr(paging, "ROWS", 2)
    page = paging.page_of(RequestFactory().get(address), THREE)
    assert (page.rows, page.next_href, page.first_href) == (rows, further, first)
    assert page.is_part
    assert not paging.page_of(RequestFactory().get("/"), THREE[:2]).is_part
