"""The door for other systems: JSON over HTTP, bearer tokens, a change feed that skips nothing."""
