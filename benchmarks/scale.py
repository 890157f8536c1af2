"""How long 100,000 claims with evidence and entries take to load, and to verify."""

import time

from benchmarks.place import manage, private_database

CLAIMS = "100000"


def main() -> None:
    with private_database() as environment:
        print(manage(environment, "load_scale", "--claims", CLAIMS))
        began = time.monotonic()
        print(manage(environment, "verify_ledger"))
        print(f"verified in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
