"""When to look at a source again, and what its answers say of the link: pure, no clock, no dice."""

from verifier.schedule.intervals import Pace, due_in_s, is_full_look_due
from verifier.schedule.links import LinkVerdict, has_moved, next_link_state

__all__ = [
    "LinkVerdict",
    "Pace",
    "due_in_s",
    "has_moved",
    "is_full_look_due",
    "next_link_state",
]
