"""The `seechain` command."""


def main() -> None:
    """Runs the command."""
