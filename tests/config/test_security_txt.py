WHERE = "/.well-known/security.txt"


def test_p36_whoever_finds_a_hole_learns_where_to_report_it(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@example.gov.uk"

    page = client.get(WHERE)

    assert page["Content-Type"].startswith("text/plain")
    assert page.text.startswith("Contact: mailto:security@example.gov.uk\nExpires: 20")


def test_where_nobody_is_named_there_is_none(client, db):
    assert client.get(WHERE).status_code == 404
