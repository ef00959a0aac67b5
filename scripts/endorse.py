"""Signs for a SEE that is a member of another, as a quorum of its voices has signed."""

from scripts._ape import on_ape
from seechain.cli.endorse import cli as command

cli = on_ape(command)
