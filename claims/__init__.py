"""THE RECORD: what is claimed, on what evidence, in what status, decided by whom."""
