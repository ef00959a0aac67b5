"""Puts the Registry on a chain, once for everybody."""

from scripts._ape import on_ape
from seechain.cli.deploy import cli as command

cli = on_ape(command)
