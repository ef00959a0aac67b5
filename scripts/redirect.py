"""Redirects a member's money to another address."""

from scripts._ape import on_ape
from seechain.cli.redirect import cli as command

cli = on_ape(command)
