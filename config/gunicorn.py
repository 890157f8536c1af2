"""Gunicorn's settings: threads, because a request mostly waits for PostgreSQL.

Framing is gunicorn's to judge: it answers 400 to a broken request before Django sees one.
"""

import os

from config.environment import Environment

env = Environment(os.environ)

bind = f"{env.text('WEB_HOST', '127.0.0.1')}:{env.integer('PORT', 8000, minimum=1, maximum=65535)}"
worker_class = "gthread"
workers = env.integer("WEB_WORKERS", 2, minimum=1, maximum=64)
threads = env.integer("WEB_THREADS", 4, minimum=1, maximum=64)
timeout = 30
graceful_timeout = 10
keepalive = 5
limit_request_line = 8190
max_requests = 10_000
max_requests_jitter = 1_000
forwarded_allow_ips = env.text("FORWARDED_ALLOW_IPS", "127.0.0.1")
# Nothing but the web port: no second door for commands.
control_socket_disable = True
