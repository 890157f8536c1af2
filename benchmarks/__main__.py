"""`python -m benchmarks [NAME ... [OPTION ...]]`: run the named measurements, or all."""

import sys
from importlib import import_module
from itertools import takewhile

# `desk` is left out: it makes a million claims, and is run by name
ALL = ("scale", "throughput", "schedule", "api", "extraction", "revisions")

names = list(takewhile(lambda word: not word.startswith("-"), sys.argv[1:]))
del sys.argv[1 : 1 + len(names)]  # what is left is the measurement's own
for name in names or ALL:
    print(f"== {name}", flush=True)
    import_module(f"benchmarks.{name}").main()
