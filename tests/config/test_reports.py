import logging

import pytest

from config import reports

REPORT = {
    "csp-report": {
        "document-uri": "http://localhost/invitations/ZZPII-token/?q=ZZPII-words",
        "blocked-uri": "https://evil.example/ZZPII?x=ZZPII",
        "effective-directive": "script-src-elem",
        "script-sample": "ZZPII",
    }
}


@pytest.fixture(autouse=True)
def fresh_allowance(monkeypatch):
    monkeypatch.setattr(reports, "allowance", reports.Allowance(3))


@pytest.fixture
def send(client, db):
    return lambda body, kind="application/csp-report": client.post("/csp-report", body, content_type=kind)


def test_a_report_is_one_line_without_addresses_in_full(send, caplog, client):
    with caplog.at_level(logging.WARNING, "config.reports"):
        response = client.post("/csp-report", REPORT, content_type="application/json")

    assert response.status_code == 204
    [line] = caplog.records
    assert line.directive == "script-src-elem"
    assert line.blocked == "https://evil.example"
    assert line.page == "invitations/<str:token>/"
    assert "ZZPII" not in str(vars(line))


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"csp-report": 1}', "[" * 9000, "\xff", '{"csp-report": {"blocked-uri": "http://[1"}}']
)
def test_what_is_no_report_is_refused(send, body):
    assert send(body).status_code == 400


def test_a_long_report_is_refused_unread(send):
    assert send("x" * 20_000).status_code == 413


def test_a_flood_is_cut_off(send):
    assert [send("").status_code for _ in range(5)] == [400, 400, 400, 429, 429]


def test_reports_are_only_sent(client, db):
    assert client.get("/csp-report").status_code == 405
