"""What a worker does: build the policy that the run was started with, and do one part with it.

A policy holds rules that cannot be sent, so a worker builds its own from the recipe. Whether it came out the
same is checked by its version before anything is decided.
"""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from wenjiuye.policy.reform import reformed
from wenjiuye.population.city.part import PartTask, run_part
from wenjiuye.population.errors import PolicyDiffersError
from wenjiuye.rules.policy import Policy


@dataclass(frozen=True)
class Recipe:
    """How to build a policy: the module of its name, reforms laid over it, and the version that must result."""

    policy_id: str
    version: str
    reforms: tuple[Path, ...] = ()


@lru_cache(maxsize=1)
def policy_of(recipe: Recipe) -> Policy:
    """The policy of a recipe. Raises PolicyDiffersError where it is not the one the run was started with."""
    module = importlib.import_module(f"wenjiuye.policy.{recipe.policy_id}")
    built: Policy = reformed(module.policy(), recipe.reforms)
    if built.version != recipe.version:
        raise PolicyDiffersError(
            f"工作进程上的政策版本为 {built.version}，本次运行为 {recipe.version}；"
            "请在所有机器上安装同一版本，改革方案在运行期间不要改动",
            f"the policy of the worker is version {built.version}, the run's is {recipe.version}; install the same "
            "version on every machine, and leave reform files alone while a run goes on",
        )
    return built


def do_part(task: PartTask, recipe: Recipe) -> dict[str, Any]:
    """Do a task. Answers the part, the day and, if it failed, what went wrong and where (texts, else null).

    An error is told and not raised: on its way between processes it would lose its kind or its words.
    """
    told: dict[str, Any] = {"part": task.part, "on": str(task.on), "failed": None, "trace": None}
    try:
        run_part(task, policy_of(recipe))
    except Exception as problem:
        told["failed"] = f"{type(problem).__name__}: {problem}"
        told["trace"] = traceback.format_exc()
    return told


def do_row(row: Mapping[str, Any], *, tasks: tuple[PartTask, ...], recipe: Recipe) -> dict[str, Any]:
    """Do the task whose number stands in a row of a data set."""
    return do_part(tasks[row["number"]], recipe)
