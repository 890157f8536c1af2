"""A worker's rounds in a process of their own, for who wants to read the memory they took.

Run with the server's authority and a folder for the archive: looks at every due source but those
under `/fine` after those under `/fine`, and prints the peak of its memory before and after, in KiB.
"""

import importlib
import resource
import sys
from datetime import timedelta
from pathlib import Path


def peak_kib() -> int:
    """The most this program had in memory; `getrusage` counts what ran before exec as well."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (peak,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1])


def main(authority: str, folder: str) -> None:
    importlib.import_module("django").setup()
    from claims.models import Source  # noqa: PLC0415 - Django is set up first
    from verifier.archive import Folder  # noqa: PLC0415 - as above
    from verifier.pages import Pages  # noqa: PLC0415 - as above
    from verifier.recheck import Means, recheck_batch  # noqa: PLC0415 - as above
    from verifier.types import Guard, Limits  # noqa: PLC0415 - as above

    fine = list(Source.objects.filter(url__contains="/fine").values_list("pk", flat=True))
    bad = list(Source.objects.exclude(pk__in=fine).values_list("pk", flat=True))
    with Pages() as pages:
        means = Means(
            pages=pages,
            blobs=Folder(Path(folder)),
            guard=Guard(allow=frozenset({authority})),
            limits=Limits(total_s=1.0, per_host=2),
            pause=timedelta(0),
        )
        for ids in (fine, bad):
            done = recheck_batch(means, only=ids)
            sys.stdout.write(f"{done.looks} {peak_kib()}\n")
        means.fetcher.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
