"""How a demo is run: 0 if all came out, 1 if not, 130 after Ctrl-C. Leaves no process behind."""

from __future__ import annotations

import signal
from importlib import import_module
from pathlib import Path
from types import FrameType

FOLDER = Path(__file__).parents[1] / "build" / "demo"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(story: str) -> int:
    """Runs the `live` of a module on a chain of its own."""
    for number in SIGNALS:
        signal.signal(number, _stop)
    try:
        return _run(story)
    except KeyboardInterrupt:
        print("\nStopped; the chain is gone.")
        return 130


def _run(story: str) -> int:
    # Loaded here, so that Ctrl-C while it loads is quiet too.
    from rich.console import Console

    from demo.cast import Wrong
    from demo.chain import local_chain
    from seechain import SeechainError

    live = import_module(story).live
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 110  # a file has room for what a narrow terminal must wrap
    try:
        with local_chain() as chain:
            live(chain, console, FOLDER)
    except (Wrong, SeechainError, OSError) as error:  # OSError: a chain that is gone
        Console(stderr=True, highlight=False).print(
            f"The demo failed: {error}", style="red", markup=False
        )
        return 1
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    """Ends the demo once: what cleans up after it is not to be interrupted again."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt
