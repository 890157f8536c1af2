"""`python -m seeds.site --port 8010 --state FILE [--host 127.0.0.1]` runs the demonstration."""

import argparse
import signal
import sys
from pathlib import Path

from seeds.site.demonstration import Demonstration, PortTaken
from seeds.site.server import OutletServer
from seeds.site.state import StateUnreadable

LAST_PORT = 65_535
STOP = {signal.SIGTERM, signal.SIGINT}


def main() -> int:
    """Serve until SIGTERM or SIGINT; 1 with one sentence where it cannot start."""
    options = _options()
    # Before any thread starts, so that every thread leaves them to the wait below.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    try:
        demonstration = Demonstration(
            host=options.host, port=options.port, state_file=options.state, listen=OutletServer
        )
        demonstration.start()
    except (StateUnreadable, PortTaken) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Demonstration site: http://{options.host}:{options.port}/control/\n")
    sys.stdout.flush()
    signal.sigwait(STOP)
    demonstration.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m seeds.site", description=__doc__)
    parser.add_argument("--port", type=_first_port, default=8010, help="of the first outlet")
    parser.add_argument("--state", type=Path, required=True, help="JSON file of what happened")
    parser.add_argument("--host", default="127.0.0.1")
    return parser.parse_args()


def _first_port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= LAST_PORT - 5:
        raise argparse.ArgumentTypeError(f"a port between 1 and {LAST_PORT - 5} is needed")
    return port


if __name__ == "__main__":
    sys.exit(main())
