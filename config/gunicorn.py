"""The web server, the same on a laptop and in production. Usage: gunicorn -c python:config.gunicorn config.wsgi"""

import os

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
preload_app = True  # imported once for all workers
timeout = 30
graceful_timeout = 25
max_requests = 2000
max_requests_jitter = 200
control_socket_disable = True  # it would lie in the home folder
