"""Runs a command, and others beside it, one after the other, so that no core waits.

    python tools/beside.py "make types" "make gas-check" -- pytest -n 3

What stands after `--` writes as it runs; what each other says is shown whole when it has ended.
The exit code is 0 where all have succeeded. Ctrl-C ends all.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

PATIENCE = 20  # seconds, to tidy up


class Beside:
    """The commands that run beside another, one after the other, in a thread."""

    def __init__(self, commands: list[str]) -> None:
        self.failed: list[str] = []
        self._running: subprocess.Popen[str] | None = None
        self._is_ended = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(commands,))
        self._thread.start()

    def wait(self) -> None:
        """Waits until all have ended."""
        while self._thread.is_alive():
            self._thread.join(0.1)  # a signal is heard between

    def end(self) -> None:
        """Begins none any more, and ends the one that runs."""
        self._is_ended.set()
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()
        self.wait()

    def _run(self, commands: list[str]) -> None:
        for command in commands:
            if self._is_ended.is_set():
                return
            began = time.monotonic()
            self._running = subprocess.Popen(
                command,
                shell=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            said, _ = self._running.communicate()
            code = self._running.returncode
            if self._is_ended.is_set():
                return
            if code:
                self.failed.append(command)
            how = f"failed with exit code {code}" if code else "is done"
            seconds = time.monotonic() - began
            sys.stdout.write(f"\n--- {command} {how}, {seconds:.0f} s\n{said}---\n")
            sys.stdout.flush()
            # Ctrl-C reaches all at once, and this may be heard before.
            if code in (-signal.SIGINT, 128 + signal.SIGINT):
                return


def main(arguments: list[str] | None = None) -> int:
    """Run all; 0 where each has succeeded, 130 after Ctrl-C, else 1."""
    words = sys.argv[1:] if arguments is None else arguments
    at = words.index("--")
    main_command = words[at + 1 :]
    beside = Beside(words[:at])
    try:
        with subprocess.Popen(main_command) as running:
            try:
                code = running.wait()
            except KeyboardInterrupt:
                running.wait()  # it was told too, and tidies up
                raise
            except BaseException:
                _end(running)
                raise
        beside.wait()
    except KeyboardInterrupt:
        beside.end()
        return 130
    except BaseException:
        beside.end()
        raise
    failed = [*beside.failed, *([" ".join(main_command)] if code else [])]
    for each in failed:
        print(f"failed: {each}", file=sys.stderr)
    return 1 if failed else 0


def _end(running: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does, so that it tidies up; where it does not hear it, by force."""
    running.send_signal(signal.SIGINT)
    try:
        running.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        running.terminate()
        running.wait()


def _stop(*_: object) -> None:
    raise SystemExit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
