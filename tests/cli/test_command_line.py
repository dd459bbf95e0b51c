"""The command as it is started from a shell: version, help, speed, pipes, signals, encodings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import HIRE, ON, facts_file, wenjiuye

from wenjiuye.cli.app import MODULES

COMPLETE = "_WENJIUYE_COMPLETE"
START = [sys.executable, "-c", "import sys; sys.argv[0] = 'wenjiuye'; from wenjiuye.cli import main; main()"]


def shell(*words: object, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own."""
    environment = {**os.environ, "WENJIUYE_LANG": "zh", **settings}
    return subprocess.run(
        [*START, *map(str, words)],
        capture_output=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_the_version_names_program_and_rules() -> None:
    out = shell("--version").stdout.decode()
    assert out.startswith("wenjiuye 0.")
    assert "xuchang_2020_31 " in out


COMMANDS = [command.__name__.replace("_", "-") for module in MODULES for command in module.COMMANDS]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_both_languages_with_the_exit_codes(command: str) -> None:
    answer = wenjiuye(command, "--help", COLUMNS="80")
    assert answer.code == 0
    assert " / " in answer.out
    assert "Exit codes: 0 done, 1 a check failed, 2 wrong input" in answer.out


def test_the_list_of_commands_fits_into_80_columns() -> None:
    out = wenjiuye("--help", COLUMNS="80").out
    assert "…" not in out
    assert "逐题问答 / The most telling questions one by one, then results." in out


def test_a_single_case_does_not_load_what_only_tables_need(tmp_path: Path) -> None:
    path = facts_file(tmp_path, HIRE)
    script = (
        "import sys\nfrom wenjiuye.cli import main\n"
        f"sys.argv = ['wenjiuye', 'decide', {str(path)!r}, '--on', '2020-12-01']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "assert not {'polars', 'xlsxwriter', 'python_calamine', 'jsonschema'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)


def test_the_shell_completes_commands_measures_and_subjects() -> None:
    for words, wanted in (
        ("wenjiuye exp", "explain"),
        ("wenjiuye explain hiring_", "hiring_subsidy"),
        ("wenjiuye ask hi", "hire"),
    ):
        settings = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
        said = shell(**settings, **{COMPLETE: "complete_bash"}).stdout.decode()
        assert wanted in said.split(), said


def test_nothing_that_is_piped_has_colour(tmp_path: Path) -> None:
    out = shell("explain", "hiring_subsidy", facts_file(tmp_path, HIRE), *ON).stdout
    assert b"\x1b" not in out
    assert "✓ 符合".encode() in out


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    process = subprocess.Popen([*START, "values"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() in (0, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_control_c_ends_with_130_and_no_traceback() -> None:
    process = subprocess.Popen(
        [*START, "ask", "hire"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    seen = b""
    while not seen.endswith(b"> "):
        byte = process.stdout.read(1)
        assert byte, seen
        seen += byte
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in said


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_a_terminal_without_our_characters_gets_others_and_no_error(tmp_path: Path, encoding: str) -> None:
    path = facts_file(tmp_path, HIRE)
    settings = {"PYTHONIOENCODING": encoding, "WENJIUYE_LANG": "", "LC_ALL": ""}
    done = shell("explain", "hiring_subsidy", path, *ON, **settings)
    text = done.stdout.decode(encoding)
    assert done.returncode == 0
    assert ("√ 符合" if encoding == "gbk" else "[+] eligible") in text
    assert shell("decide", path, *ON, "--json", **settings).returncode == 0


@pytest.mark.parametrize(
    ("settings", "chinese"),
    [
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, True),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        ({"WENJIUYE_LANG": "en", "LANG": "zh_CN.UTF-8"}, False),
        ({"WENJIUYE_LANG": "zh", "LANG": "en_US.UTF-8"}, True),
    ],
)
def test_the_language_follows_the_surroundings(settings: dict[str, str], chinese: bool) -> None:
    nothing = {"WENJIUYE_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
    out = wenjiuye("measures", "--article", "26", **{**nothing, **settings}).out
    assert ("项措施" in out) == chinese


def test_the_option_wins_over_the_surroundings() -> None:
    assert "0 measures" in wenjiuye("measures", "--article", "26", "--lang", "en", WENJIUYE_LANG="zh").out
