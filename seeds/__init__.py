"""The seed: one article, its curated claims and sources, and the demonstration site's pages."""
