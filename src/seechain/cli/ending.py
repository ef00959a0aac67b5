"""How a command ends that could not do what was asked: one sentence, and an exit code."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click
from click.utils import PacifyFlushWrapper
from requests import RequestException

from seechain.chain.reverts import ChainError, NodeError, NotMined
from seechain.errors import AgreementError, FileError, SeechainError
from seechain.visible import in_bounds, visible

REFUSED, TYPED_WRONGLY, NOT_RIGHT, NODE, FILE, INTERRUPTED = 1, 2, 3, 4, 5, 130

_DEPLOY = re.compile(r"(?<!\w)\w{1,40}\.deploy\(w3, sender=\.\.\.\)")  # the package's own advice


class Failure(click.ClickException):
    """How a command ends that could not do what was asked: one sentence and an exit code."""

    def __init__(
        self, message: str, exit_code: int, kind: str, as_json: bool, *, lines: bool = False
    ) -> None:
        super().__init__(visible(in_bounds(message), lines=lines))
        self.exit_code, self.kind, self.as_json = exit_code, kind, as_json

    def show(self, file: Any = None) -> None:
        if self.as_json:
            said = {"kind": self.kind, "message": self.message, "exit_code": self.exit_code}
            with suppress(OSError):
                click.echo(json.dumps({"error": said}, indent=2))
                return
        if self.exit_code == INTERRUPTED:
            click.echo(self.message, err=True)
        else:
            super().show(file)


@contextmanager
def clear(as_json: bool, node: str = "the node", *, acts: bool = False) -> Iterator[None]:
    """Turns what may go wrong inside into one sentence and its exit code.

    acts: it is more than a look, so that a pipe that was closed is told as well.
    """
    try:
        yield
    except BrokenPipeError as error:  # of the output, not of the node
        if not acts:
            raise  # click knows what to do
        sys.stdout = PacifyFlushWrapper(sys.stdout)
        raise Failure(_unwritten(error), FILE, "FileError", as_json) from None
    except click.UsageError as error:
        raise Failure(error.format_message(), TYPED_WRONGLY, "UsageError", as_json) from None
    except (SeechainError, RequestException, ConnectionError) as error:
        raise _failure(error, as_json, node) from None
    except UnicodeEncodeError:
        said = "what was typed holds bytes that are no text in UTF-8: type it again"
        raise Failure(said, TYPED_WRONGLY, "UsageError", as_json) from None
    except OSError as error:  # of a path that can't even be looked at, as one that is too long
        said = f"{error.filename} can't be read or written: {error.strerror or error}"
        if is_of_output(error):
            said = _unwritten(error)
        raise Failure(said, FILE, "FileError", as_json) from None
    except KeyboardInterrupt:
        raise Failure("Interrupted", INTERRUPTED, "Interrupted", as_json) from None


def is_of_output(error: OSError) -> bool:
    """Whether what is said can't be written, as to a disk that is full."""
    of_node = isinstance(error, RequestException | ConnectionError)
    return error.filename is None and not of_node


def _unwritten(error: OSError) -> str:
    return f"the output can't be written, so this was ended: {error.strerror or error}"


def _failure(error: Exception, as_json: bool, node: str) -> Failure:
    kind, sentence, code = type(error).__name__, _DEPLOY.sub("`deploy`", str(error)), REFUSED
    if isinstance(error, NodeError | NotMined):
        code = NODE
    elif isinstance(error, FileError):
        code = FILE
    elif not isinstance(error, SeechainError):
        why = sentence.partition("\n")[0]
        kind, sentence, code = "NodeError", f"{node} can't be reached: {why}", NODE
    elif not isinstance(error, ChainError) and isinstance(error.__context__, OSError):
        code = FILE
    # Faults of an agreement are a list. Elsewhere a line end is of whom a sentence quotes.
    return Failure(sentence, code, kind, as_json, lines=isinstance(error, AgreementError))
