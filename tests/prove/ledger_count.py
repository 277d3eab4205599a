"""人民调解统计表 counted a second time: in SQL of its own from the tables' rows, by the owner, past every query."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections

from fengqiao.kernel import clock

DATA = Path(clock.__file__).parents[1] / "rules" / "data"
EVERY = """
WITH held AS (
  SELECT me.*, ma.category, ma.channel, coalesce(ma.people, 0) AS people, coalesce(ma.amount, 0) AS amount,
    ma.turned_criminal_at, ma.danger,
    lead(me.sent_at) OVER (PARTITION BY me.matter_id ORDER BY me.sent_at) AS next_sent,
    CASE WHEN me.result IN ('written', 'oral') THEN me.ended_at END AS agreed_at
  FROM mediation_mediation me JOIN matters_matter ma ON ma.id = me.matter_id
  WHERE ma.county = %(county)s AND ma.restriction = 'open' AND (%(centre)s::uuid IS NULL OR ma.centre_id = %(centre)s)
), beside AS (
  SELECT held.*,
    (SELECT count(*) FROM mediation_consent c WHERE c.mediation_id = held.id) AS parties,
    (SELECT f.initiative FROM mediation_footing f WHERE f.mediation_id = held.id
      ORDER BY f.recorded_at DESC, f.id DESC LIMIT 1) AS initiative,
    (SELECT a.tier FROM matters_assessment a WHERE a.matter_id = held.matter_id AND a.tier <> ''
      ORDER BY a.at DESC, a.id DESC LIMIT 1) AS tier,
    EXISTS (SELECT FROM matters_historyevent e WHERE e.matter_id = held.matter_id
      AND e.type IN ('matter.danger', 'matter.danger_over')) OR danger <> 'none' AS endangered,
    (SELECT min(e.at) FROM matters_historyevent e WHERE e.matter_id = held.matter_id AND e.at >= held.agreed_at
      AND e.type IN ('matter.reopen', 'matter.record_performance.defaulted')) AS opened_again
  FROM held
), terms AS (
  SELECT a.mediation_id, coalesce(sum(t.amount) FILTER (WHERE t.kind = 'pay'), 0) AS promised,
    count(*) FILTER (WHERE t.state IN ('due', 'part')) AS owed, count(*) FILTER (WHERE t.state = 'done') AS done
  FROM agreements_agreement a JOIN agreements_term t ON t.agreement_id = a.id AND t.draft = a.draft
  WHERE a.state = 'effective' GROUP BY 1
), court AS (
  SELECT a.mediation_id, count(*) FILTER (WHERE n.action = 'file') AS applied,
    count(*) FILTER (WHERE n.action = 'confirm') AS confirmed,
    count(*) FILTER (WHERE n.action = 'refuse') AS refused,
    count(*) FILTER (WHERE n.action = 'withdraw') AS withdrawn
  FROM confirmation_courtnote n JOIN confirmation_courtcase c ON c.id = n.case_id
  JOIN agreements_agreement a ON a.id = c.agreement_id WHERE c.kind = 'confirmation' GROUP BY 1
), whole AS (
  SELECT b.*, coalesce(t.promised, 0) AS promised, coalesce(c.applied, 0) AS applied,
    coalesce(c.confirmed, 0) AS confirmed, coalesce(c.refused, 0) AS refused, coalesce(c.withdrawn, 0) AS withdrawn,
    CASE WHEN t.done > 0 AND t.owed = 0 THEN 'performed' ELSE coalesce((
      SELECT said FROM (
        SELECT e.at, substring(e.type FROM 27) AS said FROM matters_historyevent e WHERE e.matter_id = b.matter_id
          AND e.type IN ('matter.record_performance.performed', 'matter.record_performance.defaulted')
        UNION ALL
        SELECT v.at, v.performance FROM matters_visit v WHERE v.matter_id = b.matter_id AND v.reached
          AND v.performance <> '') told
      WHERE at >= b.agreed_at AND at <= coalesce(b.opened_again, 'infinity') ORDER BY at DESC LIMIT 1
    ), CASE WHEN b.performance_due IS NOT NULL OR t.owed > 0 THEN 'running' ELSE 'none' END) END AS performance
  FROM beside b LEFT JOIN terms t ON t.mediation_id = b.id LEFT JOIN court c ON c.mediation_id = b.id
), placed AS (
  SELECT whole.*,
    sent_at < %(start)s AND (ended_at IS NULL OR ended_at >= %(start)s) AS before,
    sent_at >= %(start)s AND sent_at < %(end)s AS begun,
    ended_at >= %(start)s AND ended_at < %(end)s AS ended,
    agreed_at >= %(start)s AND agreed_at < %(end)s AS agreed,
    sent_at < %(end)s AND (ended_at IS NULL OR ended_at >= %(end)s) AS after,
    CASE channel WHEN 'court_assigned' THEN 'court' WHEN 'community_police' THEN 'police'
      WHEN 'petition' THEN 'petition' WHEN 'superior' THEN 'elsewhere' WHEN 'hotline_12345' THEN 'elsewhere'
      ELSE coalesce(initiative, 'unsaid') END AS origin
  FROM whole
)
SELECT category,
  count(*) FILTER (WHERE before) AS open_before,
  count(*) FILTER (WHERE begun) AS begun,
  count(*) FILTER (WHERE begun AND origin = 'applied') AS applied,
  count(*) FILTER (WHERE begun AND origin = 'own') AS own,
  count(*) FILTER (WHERE begun AND origin = 'court') AS court,
  count(*) FILTER (WHERE begun AND origin = 'police') AS police,
  count(*) FILTER (WHERE begun AND origin = 'petition') AS petition,
  count(*) FILTER (WHERE begun AND origin = 'elsewhere') AS elsewhere,
  count(*) FILTER (WHERE begun AND origin = 'unsaid') AS unsaid,
  sum(parties) FILTER (WHERE begun) AS parties,
  sum(people) FILTER (WHERE begun) AS people,
  sum(amount) FILTER (WHERE begun) AS amount,
  count(*) FILTER (WHERE begun AND tier = 'hard') AS hard,
  count(*) FILTER (WHERE ended) AS ended,
  count(*) FILTER (WHERE agreed AND result = 'written') AS written,
  count(*) FILTER (WHERE agreed AND result = 'oral') AS oral,
  count(*) FILTER (WHERE ended AND result IN ('refused', 'expired', 'sued', 'not_fit')) AS failed,
  count(*) FILTER (WHERE ended AND result = 'withdrawn') AS withdrawn,
  sum(promised) FILTER (WHERE agreed) AS promised,
  count(*) FILTER (WHERE agreed AND performance = 'performed') AS performed,
  count(*) FILTER (WHERE agreed AND performance = 'running') AS performing,
  count(*) FILTER (WHERE agreed AND performance = 'defaulted') AS defaulted,
  count(*) FILTER (WHERE agreed AND performance = 'none') AS nothing_due,
  sum(placed.applied) FILTER (WHERE agreed) AS confirm_applied,
  sum(placed.applied - confirmed - refused - placed.withdrawn) FILTER (WHERE agreed) AS confirm_pending,
  sum(confirmed) FILTER (WHERE agreed) AS confirm_confirmed,
  sum(refused) FILTER (WHERE agreed) AS confirm_refused,
  sum(placed.withdrawn) FILTER (WHERE agreed) AS confirm_withdrawn,
  count(*) FILTER (WHERE agreed AND endangered AND turned_criminal_at IS NULL) AS prevented,
  count(*) FILTER (WHERE ended AND turned_criminal_at >= sent_at
    AND turned_criminal_at < coalesce(next_sent, 'infinity')) AS criminal,
  count(*) FILTER (WHERE after) AS open_after
FROM placed GROUP BY category
"""
TOTAL = "total"
Cells = dict[tuple[str, str], Decimal]


def counted(county: str, first: date, last: date, centre: UUID | None = None) -> Cells:
    """Every cell of the form that is not nought, by kind and counter."""
    midnight = time(tzinfo=clock.SHANGHAI)
    asked = {
        "county": county,
        "centre": centre,
        "start": datetime.combine(first, midnight),
        "end": datetime.combine(last + timedelta(days=1), midnight),
    }
    kinds, found = _kinds(), Cells()
    for category, counter, number in _rows(asked):
        for kind in (kinds.get(category, "other"), TOTAL):
            found[kind, counter] = found.get((kind, counter), Decimal(0)) + number
    return {cell: number for cell, number in found.items() if number}


def _rows(asked: dict[str, Any]) -> Iterator[tuple[str, str, Decimal]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(EVERY, asked)
        names = [each.name for each in cursor.description]
        for category, *numbers in cursor.fetchall():
            for counter, number in zip(names[1:], numbers, strict=True):
                yield category, counter, Decimal(number or 0)


def _kinds() -> dict[str, str]:
    """To which of the eighteen kinds a category of the ledger goes, as the two tables say it."""
    by_name = {
        each["name_zh"]: each["id"] for each in _table("mediation-statistics") if each["kind"] == "category"
    }
    return {each["code"]: by_name.get(each["mediation_report"], "other") for each in _table("categories")}


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
