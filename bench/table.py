"""The table that `make bench` prints."""

from __future__ import annotations

from typing import Any


def drawn(told: dict[str, Any]) -> str:
    """Milliseconds by page and size, with the ratio of the largest size to the smallest and to the limit."""
    sizes, importing = told["sizes"], told["importing"]
    names = list(sizes)
    registering = told["registering"]
    lines = [
        f"Measured on {told['machine']}; medians in ms, one run.",
        "",
        f"register, whole flow   {registering['flow_ms']:>9} ms  {registering['flow_per_second']}/s, "
        f"{registering['statements']} statements",
        f"  the same rows, bare  {registering['bare_ms']:>9} ms  {registering['bare_statements']} inserts; "
        f"the flow takes {registering['times_the_limit']} × the limit",
        *(
            f"through the API, {clients} at once".ljust(23)
            + f"{each['ms']:>9} ms  {each['per_second']}/s; bare {each['bare_per_second']}/s, {each['bare_ms']} ms; "
            f"{each['of_the_limit']:.3f} of the limit"
            for clients, each in told["interface"].items()
        ),
        f"import a spreadsheet    {importing['rows_per_second']:>9}/s  {importing['rows']:,} rows",
        f"  COPY of the matters   {importing['copy_rows_per_second']:>9}/s  the same rows and indexes, nothing else; "
        f"the import takes {importing['times_the_limit']} × the limit",
        *_clocks(told["clocks"]),
        f"who fits a matter       {told['matching']['ms']:>9} ms  "
        f"of {told['matching']['mediators']:,} mediators in the register",
        *_binding(told["binding"]),
        "",
        "".join(["page".ljust(22), *(f"{sizes[size]['matters']:>14,}" for size in names), "   last/first"]),
    ]
    for page in sizes[names[0]]["ms"]:
        figures = [sizes[size]["ms"][page] for size in names]
        lines.append(
            "".join(
                [
                    page.ljust(22),
                    *(f"{figure:>14}" for figure in figures),
                    f"{figures[-1] / figures[0]:>12.2f}×",
                ]
            )
        )
    for moment in ("idle", "after"):
        figures = [sizes[size]["memory_mb"][moment] for size in names]
        lines.append("".join([f"memory {moment}, MB".ljust(22), *(f"{figure:>14}" for figure in figures)]))
    lines += _replaying(told["replaying"])
    return "\n".join(lines)


def _binding(told: dict[str, Any]) -> list[str]:
    return [
        f"a form, .docx and PDF   {told['form_ms']:>9} ms  limit 150 ms",
        f"a dossier and its zip   {told['volume_ms']:>9} ms  {told['pages']} pages; limit 2,000 ms",
    ]


def _replaying(told: dict[str, Any]) -> list[str]:
    names = {"as_it_is": "replay a draft", "all_open": "  all limits running"}
    return [
        f"{names[name]:<22}{each['seconds']:>11} s   {each['matters']:,} matters, {each['moved']:,} move, "
        f"{each['due_moved']:,} would fall due at another time; {each['processor_seconds']} s of the processor"
        for name, each in told.items()
    ]


def _clocks(told: dict[str, Any]) -> list[str]:
    sweep = told["sweep"]
    return [
        f"clocks, end and yellow  {told['ends_per_second']:>9}/s  of one process; {told['clocks']:,} clocks",
        f"  from the facts        {told['from_facts_per_second']:>9}/s  which limits run, from when, until when",
        f"sweep, none due         {sweep['none_due_ms']:>9} ms  {sweep['open']:,} open",
        *(
            f"sweep, {due:,} due".ljust(24) + f"{each['ms']:>9} ms  {each['each_ms']} ms each"
            for due, each in sweep["due"].items()
        ),
        f"rules of a registration {told['rules_ms']:>9} ms  risk, track, and the limits that run",
    ]
