"""Ends a SEE, as a quorum of its voices has signed, or after its agreement expired."""

from scripts._ape import on_ape
from seechain.cli.deregister import cli as command

cli = on_ape(command)
