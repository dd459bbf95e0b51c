"""A progress bar on stderr, where somebody is looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from wenjiuye.cli.language import Speech, Titled
from wenjiuye.cli.screen import screen


@contextmanager
def progress(
    say: Speech, words: Mapping[str, str], things: Mapping[str, Titled] | None = None
) -> Iterator[Callable[[str, int, int], None]]:
    """Answers what a long work calls with each stage ("read", "determine hire"), the steps done and all steps.

    words: what stages are called. things: what the second word of a stage is, such as subjects.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = screen(error=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(stage: str, done: int, total: int) -> None:
            what, _, name = stage.partition(" ")
            thing = (things or {}).get(name)
            about = f" {say.title(thing)}" if thing is not None else f" {name}" if name else ""
            bar.update(task, description=words.get(what, what) + about, completed=done, total=total)

        yield tell
