"""The operators' door to the watch."""
