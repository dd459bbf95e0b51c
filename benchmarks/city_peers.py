"""The subset of a city by a run, in Polars by hand and in DuckDB: equal rows first, then times in turn.

All read the Parquet files of the same registry, derive the facts, decide and write Parquet.
`python -m benchmarks.city_peers 500000 5` is one comparison in this process and prints one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass

from benchmarks import city_peer_duckdb, city_peer_polars
from benchmarks.city import made_city
from benchmarks.city_engine import narrow, run
from benchmarks.city_subset import CityFigures, check_city
from benchmarks.data import DECISION
from benchmarks.timing import Times, interleaved
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.prepare import PEOPLE_A_GIB
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.intake import take_in
from wenjiuye.population.registry.partition import Arrangement


@dataclass(frozen=True)
class CityCompared:
    """Seconds of each run by tool.

    `engine`: everybody in one part, with the memory that the others take too. `parts`: the engine as a run has
    it by default, in parts that fit into 4 GiB with all measures. `rivals`: in parts, with the other measures
    that may displace one of the subset. `arrange`: bringing the registry into parts, once for all days and
    reforms.
    """

    persons: int
    measures: int
    rows: dict[str, int]
    seconds: dict[str, tuple[float, ...]]

    def times(self, tool: str) -> Times:
        """Of `engine`, `parts`, `rivals`, `polars`, `duckdb` or `arrange`."""
        return Times(tuple(self.seconds[tool]))


def compare_here(persons: int, rounds: int) -> CityCompared:
    """Check that all decide alike, then time them. Raises ResultsDifferError where they do not."""
    whole, subset = policy(), narrow(policy())
    figures = CityFigures.of(whole, DECISION)
    with made_city(persons) as city:
        out = {name: city.parent / name for name in ("engine", "parts", "rivals", "polars", "duckdb")}
        clean = take_in(city, city.parent / "intake")

        def arranged(folder: str = "arranged", people_a_part: int = 4 * PEOPLE_A_GIB) -> Arrangement:
            return arrange(
                clean.tables, clean.incomplete, whole, city.parent / folder, "", people_a_part=people_a_part
            )

        parts, together = arranged(), arranged("together", people_a_part=10 * persons)
        tasks = {
            "engine": lambda: run(together, subset, out["engine"]),
            "parts": lambda: run(parts, subset, out["parts"]),
            "rivals": lambda: run(parts, whole, out["rivals"]),
            "polars": lambda: city_peer_polars.decide(city, out["polars"], figures),
            "duckdb": lambda: city_peer_duckdb.decide(city, out["duckdb"], figures),
        }
        rows = tasks["engine"]()
        for name, title in (
            ("parts", "in parts"),
            ("rivals", "with rivals"),
            ("polars", "Polars by hand"),
            ("duckdb", "DuckDB"),
        ):
            tasks[name]()
            check_city(title, out[name], out["engine"])
        times = interleaved({**tasks, "arrange": arranged}, rounds)
        return CityCompared(
            persons, len(subset.measures), rows, {name: runs.seconds for name, runs in times.items()}
        )


def compare(persons: int, rounds: int) -> CityCompared:
    """The same in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.city_peers", str(persons), str(rounds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return CityCompared(**json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(asdict(compare_here(int(sys.argv[1]), int(sys.argv[2])))))
