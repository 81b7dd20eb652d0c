"""The web server, the same on a laptop and in production. Usage: gunicorn -c python:config.gunicorn config.wsgi"""

import gc
import os
import sys
from ipaddress import ip_address

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
preload_app = True  # imported once for all workers
timeout = 30
graceful_timeout = 25
max_requests = 2000
max_requests_jitter = 200
limit_request_line = 8190  # bytes; a longer query than ours take is refused by a page of ours (config/middleware.py)
control_socket_disable = True  # it would lie in the home folder


def on_starting(server):
    """Before the address is bound. Demo mode signs people in without a password."""
    from django.conf import settings  # the application, and with it .env, is loaded by now

    hosts = [host for host, _ in server.cfg.address]
    if settings.DEMO and not all(ip_address(host).is_loopback for host in hosts):
        sys.exit(f"Demo mode signs people in without a password, so it only binds loopback, not {', '.join(hosts)}")


def when_ready(server):
    """Before the workers begin. What is imported by now stays: a collector that never looks at it leaves its memory
    shared by all workers."""
    gc.collect()
    gc.freeze()
