"""Recovers what was sent to a SEE's address on a chain where it is not registered."""

from scripts._ape import on_ape
from seechain.cli.recover import cli as command

cli = on_ape(command)
