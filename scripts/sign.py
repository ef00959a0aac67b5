"""Signs an act of a SEE, of its voices or of one member, into a file for whoever submits it."""

from scripts._ape import on_ape
from seechain.cli.sign import cli as command

cli = on_ape(command)
