"""Claims what is due to a member."""

from scripts._ape import on_ape
from seechain.cli.claim import cli as command

cli = on_ape(command)
