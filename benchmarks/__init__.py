"""What the README's numbers come from; each module prints one table."""
