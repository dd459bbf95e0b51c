"""The parts of a city done by workers of Ray give the files that one machine writes, whatever happens to a worker."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from run_on_ray import DAY, GIB, WANTED

from wenjiuye.policy.reform import reformed
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.run import run_city
from wenjiuye.population.cluster.work import Recipe, policy_of
from wenjiuye.population.errors import MissingPackageError, PolicyDiffersError
from wenjiuye.population.synth import write_city

REFORM = '''
from wenjiuye.policy.vocabulary import Person
from wenjiuye.rules import Grant, Values, right


@right(clause="a13.09", zh="试行", en="trial")
def trial(person: Person, v: Values) -> Grant:
    """Whoever has left a college."""
    return Grant(when=person.college_graduate)
'''


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A registry, a reform of the rules, and what one machine makes of them."""
    folder = tmp_path_factory.mktemp("alone")
    write_city(folder / "registry", persons=3_000, seed=4)
    reform = folder / "reform.py"
    reform.write_text(REFORM, "utf-8")
    run_city(
        folder / "registry",
        [DAY],
        folder / "out",
        reformed(policy(), [reform]),
        wanted=WANTED,
        memory_gib=GIB,
    )
    return folder / "registry", reform, folder / "out"


def on_ray(registry: Path, reform: Path, out: Path, folder: Path) -> dict[str, Any]:
    own = folder / "reform.py"
    shutil.copy(reform, own)
    command = [sys.executable, str(Path(__file__).with_name("run_on_ray.py"))]
    done = subprocess.run(
        [*command, *map(str, (registry, out, own, folder / "killed"))],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    # Ray tells of a worker that died; what we print comes last.
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_workers_write_what_one_machine_writes_though_one_of_them_is_killed(
    alone: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    registry, reform, expected = alone
    told = on_ray(registry, reform, tmp_path / "out", tmp_path)
    assert told["failed"] is None
    assert (tmp_path / "killed").exists()
    ours, theirs = bytes_of(expected), bytes_of(tmp_path / "out")
    assert sum("/determinations/person/" in name for name in ours) > 2
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_a_worker_that_fails_names_its_part_and_what_is_done_already_stays(
    alone: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    registry, reform, made = alone
    out = tmp_path / "out"
    shutil.copytree(made, out)
    marks = sorted((out / f"on={DAY}" / "done").iterdir())
    damaged = marks[1].stem
    marks[1].unlink()
    next((out / "work" / "arranged" / damaged).glob("person.*.parquet")).write_bytes(b"PAR1 damaged PAR1")
    told = on_ray(registry, reform, out, tmp_path)
    assert told["failed"].startswith(f"PartFailedError: 分区 {damaged}（{DAY}）")
    assert "ComputeError: parquet: " in told["failed"]
    assert "run_part" in told["notes"]
    assert f"decide {len(marks) - 1} {len(marks)}" in told["progress"]


def test_a_worker_with_other_figures_decides_nothing(tmp_path: Path) -> None:
    figures = tmp_path / "figures.toml"
    figures.write_text("[values]\nepidemic_hiring_subsidy_amount = 2000\n", "utf-8")
    current = reformed(policy(), [figures])
    assert policy_of(Recipe(current.id, current.version, (figures,))).version == current.version
    figures.write_text("[values]\nepidemic_hiring_subsidy_amount = 2001\n", "utf-8")
    policy_of.cache_clear()
    with pytest.raises(PolicyDiffersError, match=current.version):
        policy_of(Recipe(current.id, current.version, (figures,)))


def test_without_ray_the_extra_to_install_is_named() -> None:
    code = (
        "import sys; sys.modules['ray'] = None\n"
        "from wenjiuye.population.cluster.on_ray import ray_executor\n"
        "from wenjiuye.population.errors import MissingPackageError\n"
        "try: ray_executor()\n"
        "except MissingPackageError as problem: print(problem)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "wenjiuye[cluster]" in done.stdout
    assert MissingPackageError.__name__ not in done.stderr
