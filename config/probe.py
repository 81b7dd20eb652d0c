"""Ask the web server in this container how it is, by the name that it answers to: python -m config.probe PATH"""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def main(path):
    site = urlsplit(os.environ.get("SITE_URL", "http://localhost:8000"))
    port = os.environ.get("WEB_BIND", "127.0.0.1:8000").rpartition(":")[2]
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": site.netloc})
    try:
        urllib.request.urlopen(request, timeout=4).close()
    except (urllib.error.URLError, OSError) as problem:
        sys.exit(f"{path}: {problem}")


if __name__ == "__main__":
    main(sys.argv[1])
