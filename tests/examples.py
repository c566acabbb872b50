"""How many examples property tests try: the same few in ``make test``, many with ``--hypothesis-profile=deep``."""

from __future__ import annotations

from hypothesis import settings

__all__ = ["PROFILE", "often"]

PROFILE = "quick"
_USUAL = 100  # what :func:`often` counts in: hypothesis's own default

settings.register_profile(PROFILE, max_examples=50, deadline=None, derandomize=True, database=None)
settings.register_profile("deep", max_examples=1000, deadline=None)


def often(examples: int) -> int:
    """How many examples to try, by the profile, of what is worth so many where others are worth a hundred."""
    profile = settings.default
    assert profile
    return max(1, examples * profile.max_examples // _USUAL)
