"""What each object says to other systems: references, closed words, UTC times, no keys of ours."""
