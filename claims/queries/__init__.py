"""Readers: what the doors show; nothing here writes."""
