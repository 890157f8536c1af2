"""`python -m benchmarks [NAME ...]`: run the named measurements, or all."""

import sys
from importlib import import_module

ALL = ("scale",)

for name in sys.argv[1:] or ALL:
    print(f"== {name}", flush=True)
    import_module(f"benchmarks.{name}").main()
