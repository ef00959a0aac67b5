"""Registers an agreement: one script is enough to deploy a pop-up organisation."""

from scripts._ape import on_ape
from seechain.cli.register import cli as command

cli = on_ape(command)
