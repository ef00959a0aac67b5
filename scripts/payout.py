"""Pays out everybody."""

from scripts._ape import on_ape
from seechain.cli.payout import cli as command

cli = on_ape(command)
