"""The desk over a million claims: `python -m benchmarks.desk` loads them and measures the pages, query by query."""

from __future__ import annotations

import argparse
import html
import itertools
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.desk_claims import load
from benchmarks.timing import machine

CLAIMS, REQUESTS = 1_000_000, 200
TARGET_MS = 300


@dataclass(frozen=True)
class Measured:
    """One page, asked for many times. queries: how many each request that found something made."""

    page: str
    requests: int
    p50_ms: float
    p95_ms: float
    worst_ms: float
    fewest_queries: int
    most_queries: int


def main() -> None:
    """Run with the arguments of the command line."""
    options = _arguments()
    with _folder(options.data) as folder:
        os.environ["WENJIUYE_DATA"] = str(folder)
        from wenjiuye.platform.serving.ready import ready

        with ready() as found:
            from django.db import connection

            # One connection throughout: making a new one now and then asks the database for its types.
            connection.settings_dict["CONN_MAX_AGE"] = None
            _say(f"loading {options.claims:,} claims")
            seconds = load(_superuser(found.addresses.owner), options.claims)
            _say(f"loaded in {seconds:.0f} s")
            # A process that serves the desk begins with it: what every page needs is loaded and settled.
            import_module("wenjiuye.platform.config.wsgi")
            rows = [measure(*page, options.requests) for page in pages() if options.only in page[0]]
    told = {"claims": options.claims, "machine": machine(), "pages": [asdict(row) for row in rows]}
    print(json.dumps(told, ensure_ascii=False, indent=1) if options.json else _table(rows))
    slow = [row.page for row in rows if row.p95_ms > TARGET_MS]
    uneven = [row.page for row in rows if row.fewest_queries != row.most_queries]
    if slow or uneven:
        _say(f"too slow: {slow}; not the same number of queries each time: {uneven}")
        sys.exit(1)


def _superuser(owner: str) -> str:
    """The database as the server's superuser, who may load without triggers."""
    from wenjiuye.platform.database import embedded, roles

    return owner.replace(roles.OWNER, embedded.SUPERUSER, 1)


def pages() -> list[tuple[str, Any, list[str]]]:
    """Title, who asks, and the addresses that are asked for in turn."""
    clerk, reviewer, approver, auditor = (_client(f"bench_{role}") for role in _WHO)
    narrowed = [
        f"/claims/?measure={measure}&verdict={verdict}&county={county}"
        for measure in ("hiring_subsidy", "internship_subsidy", "rural_platform_subsidy")
        for verdict in ("", "eligible", "undetermined", "ineligible")
        for county in ("weidu", "yuzhou", "dongcheng")
    ]
    stages = [f"/claims/?stage={stage}&from=2000" for stage in ("review", "paid", "failed", "appeal")]
    return [
        ("work list, clerk of a county", clerk, ["/"]),
        ("work list, reviewer of the largest county", reviewer, ["/"]),
        ("work list, approver of the city", approver, ["/"]),
        ("work list, approver, page 100", approver, [_deep(approver)]),
        ("work list, reviewer, conflicts", reviewer, ["/?view=conflicts"]),
        ("work list, reviewer, sent back", reviewer, ["/?view=sent_back"]),
        ("work list, approver, largest sums first", approver, ["/?sort=-amount"]),
        ("all claims of the city", auditor, ["/claims/"]),
        ("all claims, largest sums first", auditor, ["/claims/?sort=-amount"]),
        ("all claims, by due date", auditor, ["/claims/?sort=due"]),
        ("all claims, measure, verdict and county", auditor, narrowed),
        ("all claims, stage and sum", auditor, stages),
        ("all claims, part of a name", auditor, [f"/claims/?q={part}" for part in _PARTS]),
        ("all claims, part of a name, one county", clerk, [f"/claims/?q={part}" for part in _PARTS]),
        ("search by name", auditor, [f"/search/?q={part}" for part in _PARTS]),
        (
            "search by number",
            auditor,
            [f"/search/?q=26{month:02d}{day:02d}" for month in range(1, 12) for day in (3, 14, 25)],
        ),
    ]


_WHO = ("clerk", "reviewer", "approver", "auditor")
_PARTS = (
    "众诚",
    "永兴纺织",
    "方圆机械",
    "张伟",
    "李秀英",
    "秀英",
    "禾木家",
    "许昌瑞德",
    "归雁农业科技",
    "没有这个",
)


def _client(username: str) -> Any:
    from django.test import Client

    from wenjiuye.platform.accounts.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    return client


def _deep(client: Any) -> str:
    """The address of the hundredth page, or of the last if there are fewer."""
    address = "/"
    for _number in range(99):
        link = re.search(r'rel="next" href="([^"]+)"', client.get(address).content.decode())
        if link is None:
            break
        address = "/" + html.unescape(link[1])
    return address


def measure(title: str, client: Any, addresses: list[str], requests: int) -> Measured:
    """Ask for the addresses in turn, so many times."""
    _say(title)
    for address in addresses:
        client.get(address)
    seconds, queries = [], []
    for address in itertools.islice(itertools.cycle(addresses), requests):
        with _counted() as count:
            started = time.perf_counter()
            answer = client.get(address)
            seconds.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        queries.append((b"data-row" in answer.content, count()))
    # A page on which nothing is found has nothing more to ask for.
    asked = [number for found, number in queries if found] or [number for _found, number in queries]
    cuts = statistics.quantiles(seconds, n=20)
    return Measured(
        title,
        requests,
        round(statistics.median(seconds) * 1000, 1),
        round(cuts[18] * 1000, 1),
        round(max(seconds) * 1000, 1),
        min(asked),
        max(asked),
    )


@contextmanager
def _counted() -> Iterator[Callable[[], int]]:
    """Counts what is asked of the database, without keeping it."""
    from django.db import connection

    number = 0

    def count(execute: Any, text: str, *arguments: Any) -> Any:
        nonlocal number
        # Once a minute a session is written: no page asks for that.
        number += "SELECT" in text
        return execute(text, *arguments)

    with connection.execute_wrapper(count):
        yield lambda: number


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="wenjiuye-desk-") as made:
        yield Path(made)


def _table(rows: list[Measured]) -> str:
    lines = [
        "| page | p50 ms | p95 ms | worst ms | queries |",
        "|---|---:|---:|---:|---:|",
    ]
    for row in rows:
        queries = (
            str(row.most_queries)
            if row.fewest_queries == row.most_queries
            else f"{row.fewest_queries}–{row.most_queries}"
        )
        lines.append(f"| {row.page} | {row.p50_ms:.0f} | {row.p95_ms:.0f} | {row.worst_ms:.0f} | {queries} |")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--claims", type=int, default=CLAIMS)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each page")
    parser.add_argument("--data", type=Path, help="folder of the database, kept; loaded if it is empty")
    parser.add_argument("--only", default="", help="pages whose title has this in it")
    parser.add_argument("--json", action="store_true", help="JSON in the place of a table")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"benchmarks: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
