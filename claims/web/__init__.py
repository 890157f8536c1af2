"""The editors' door: pages that show the record. They read; nothing is written here."""
