"""What the doors share: words, badges, article segments, diff rows and drawings."""
