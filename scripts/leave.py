"""Leaves a SEE: a member gives up its seat, its voice or both, and asks nobody."""

from scripts._ape import on_ape
from seechain.cli.leave import cli as command

cli = on_ape(command)
