"""What holds for every test: property tests repeat, and no slow machine fails them."""

from hypothesis import settings

settings.register_profile("kmt2a", deadline=None, derandomize=True)
settings.load_profile("kmt2a")
