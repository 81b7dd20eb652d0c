"""The product fetches nothing from anywhere (P33). conftest.py refuses it to every test; here it is tried."""

import ast
import socket

import pytest

from config.settings import BASE_DIR

CLIENTS = {"urllib.request", "urllib3", "http.client", "httpx", "requests", "ftplib", "socket"}
OURS = ["backlog", "config", "research", "sprints", "teams"]
OF_THIS_MACHINE = {"config/probe.py"}  # asks the web server beside it


def test_p33_a_test_cannot_ask_anybody_outside():
    with pytest.raises(RuntimeError, match="192.0.2.1"), socket.socket() as line:
        line.connect(("192.0.2.1", 80))


def test_p33_no_page_can_ask_anybody():
    found = [
        str(file.relative_to(BASE_DIR))
        for app in OURS
        for file in (BASE_DIR / app).rglob("*.py")
        if "embedded" not in file.parts and CLIENTS & set(_imports(file))
    ]

    assert set(found) == OF_THIS_MACHINE


def _imports(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
