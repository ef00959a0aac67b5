"""Says on chain where the readable agreement of a SEE is found."""

from scripts._ape import on_ape
from seechain.cli.locate import cli as command

cli = on_ape(command)
