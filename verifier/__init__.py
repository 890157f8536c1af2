"""THE WATCH: when to look at a source, how to look, what it means. No tables."""
