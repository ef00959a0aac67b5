"""Properties have no deadline: a machine that is busy is no fault of theirs."""

from hypothesis import settings

settings.register_profile("seechain", deadline=None)
settings.load_profile("seechain")
