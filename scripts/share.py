"""Shares a seat: a member gives a contributor a part of its own, and asks nobody."""

from scripts._ape import on_ape
from seechain.cli.share import cli as command

cli = on_ape(command)
