"""Pays a SEE, with a reference."""

from scripts._ape import on_ape
from seechain.cli.pay import cli as command

cli = on_ape(command)
