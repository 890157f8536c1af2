"""The product's settings, pointed at this test session's own services.

Every process of a session shares one folder under the system's temporary folder; the services
that listen in it are started when the first test asks for them.
"""

import os
import secrets
import tempfile
from urllib.parse import quote

# Only a name: `tests.services` makes the folder, and takes it away.
_NEW = f"{tempfile.gettempdir()}/stet-test-{secrets.token_hex(6)}"
FOLDER = os.environ.get("STET_TEST_FOLDER") or _NEW
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
DATABASE = f"stet_test_{WORKER}"

# The processes of the `stack` fixture are given their environment whole.
if "STET_TEST_STACK" not in os.environ:
    _sockets = quote(f"{FOLDER}/socket", safe="")
    os.environ |= {
        "STET_TEST_FOLDER": FOLDER,
        "DEBUG": "1",
        "DEMONSTRATION": "0",
        "SECRET_KEY": "for tests alone, as long as a real one must be",
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "DATABASE_URL": f"postgresql://stet_app@/{DATABASE}?host={_sockets}",
        "DATABASE_OWNER_URL": f"postgresql://stet_owner@/{DATABASE}?host={_sockets}",
        "REDIS_URL": f"unix://{FOLDER}/redis/redis.sock?db={int(WORKER[2:]) % 16}",
        "STATE_DIR": f"{FOLDER}/{WORKER}",
        "FETCH_ALLOW_PRIVATE": "",
        "FETCH_PROXY": "",
        "LOG_LEVEL": "WARNING",
    }

from config.settings import *  # noqa: E402, F403 - only once the environment stands

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed, in tests alone
