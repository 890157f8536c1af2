"""Commands that know of the demonstration."""
