"""Puts the next agreement of a SEE in force, as a quorum of its voices has signed."""

from scripts._ape import on_ape
from seechain.cli.amend import cli as command

cli = on_ape(command)
