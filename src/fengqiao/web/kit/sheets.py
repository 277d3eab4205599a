"""A workbook as an answer: handed over at once, kept nowhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_A_SHEET = 5_000


def sheet_of(content: bytes, *, name: str) -> HttpResponse:
    """The file under its name."""
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    response.headers["Cache-Control"] = "private, no-store"
    return response
