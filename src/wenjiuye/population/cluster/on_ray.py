"""City runs with Ray: the parts of a run as rows of a data set that workers map over.

Every machine needs this package in the same version and the output folder under the same path. A worker that
dies leaves no half file and no mark, so its part is done again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from wenjiuye.population.city.part import PartTask
from wenjiuye.population.city.run import Executor
from wenjiuye.population.cluster.work import Recipe, do_row
from wenjiuye.population.errors import MissingPackageError, PartFailedError
from wenjiuye.rules.policy import Policy

_STORE = 256 * 2**20
"""Memory for what goes between processes: numbers of parts, never their rows."""


def ray_executor(
    workers: int | None = None, address: str | None = None, reforms: Sequence[Path] = ()
) -> Executor:
    """Does the parts of a city run with Ray.

    address: of a running cluster (`host:port`, `ray://…`), else that in RAY_ADDRESS, else a cluster of its own
    is started here for as long as the run takes. workers: parts done at a time (default: one for each
    processor). Each part then needs its own memory. reforms: the files that the policy was reformed with, in order.
    Raises MissingPackageError where Ray is not installed; the executor raises PartFailedError.
    """
    ray = _ray()

    def execute(tasks: Sequence[PartTask], policy: Policy, step: Callable[[], None]) -> None:
        if not tasks:
            return
        recipe = Recipe(policy.id, policy.version, tuple(path.resolve() for path in reforms))
        with _connected(ray, workers, address or os.environ.get("RAY_ADDRESS")):
            _map(ray, tasks, recipe, workers, step)

    return execute


def _ray() -> ModuleType:
    # Read when Ray is imported: it sends nothing anywhere, and only its errors are shown.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_DATA_LOG_LEVEL", "ERROR")
    try:
        import ray
        import ray.data
    except ImportError:
        raise MissingPackageError(
            "用多个进程或多台机器计算需要 Ray，请安装：pip install 'wenjiuye[cluster]'",
            "running on several processes or machines needs Ray; install it with: pip install 'wenjiuye[cluster]'",
        ) from None
    return ray


@contextmanager
def _connected(ray: ModuleType, workers: int | None, address: str | None) -> Iterator[None]:
    cores = os.cpu_count() or 1
    here = address in (None, "local")
    # Without this each worker would start a thread for every processor of the machine.
    threads = max(1, cores // (workers or cores)) if here else 1
    options = {
        "runtime_env": {"env_vars": {"POLARS_MAX_THREADS": str(threads)}},
        "logging_level": logging.ERROR,
        "log_to_driver": False,
    }
    if here:
        options |= {
            "address": "local",
            "num_cpus": workers or cores,
            "include_dashboard": False,
            "object_store_memory": _STORE,
        }
    else:
        options["address"] = address
    ray.init(**options)
    try:
        yield
    finally:
        ray.shutdown()


def _map(
    ray: ModuleType,
    tasks: Sequence[PartTask],
    recipe: Recipe,
    workers: int | None,
    step: Callable[[], None],
) -> None:
    ray.data.DataContext.get_current().enable_progress_bars = False
    numbers = ray.data.from_items([{"number": n} for n in range(len(tasks))], override_num_blocks=len(tasks))
    done = numbers.map(
        do_row,
        fn_kwargs={"tasks": tuple(tasks), "recipe": recipe},
        num_cpus=1,
        compute=ray.data.TaskPoolStrategy(min(workers or len(tasks), len(tasks))),
    )
    for row in done.iter_rows():
        if row["failed"] is not None:
            raise _failure(row)
        step()


def _failure(row: dict[str, str]) -> PartFailedError:
    part, on, failed = row["part"], row["on"], row["failed"]
    problem = PartFailedError(
        f"分区 {part}（{on}）未能算完：{failed}", f"part {part} of {on} failed: {failed}"
    )
    problem.add_note(f"On the worker:\n{row['trace']}")
    return problem
