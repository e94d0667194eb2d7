"""Pages come from the web within limits, from public addresses only, and as their site's robots.txt allows."""

import gzip
import socket
import time

import pytest

from evidence import web
from evidence.readers.errors import TooLargeError
from evidence.robots import parse_robots
from evidence.web import Fetcher, FetchError, RefusedError, is_public


def fetch(address, **options):
    return Fetcher(**{"allow_private": True, "seconds": 5.0, **options}).fetch(address)


def test_a_page_comes_with_its_kind_and_the_site_learns_who_asks(site):
    site.pages["/a?b=c%20d"] = lambda answer: answer.give(b"<p>Hi</p>", Content_Type="text/html; charset=Latin1")
    page = fetch(f"{site.address}/a?b=c d#part")
    assert (page.data, page.kind, page.charset) == (b"<p>Hi</p>", "text/html", "latin1")
    assert page.address == f"{site.address}/a?b=c%20d"
    path, host, agent = site.asked[-1]
    assert (path, host) == ("/a?b=c%20d", site.address.removeprefix("http://"))
    assert agent.startswith("claimline/")


def test_a_packed_page_is_unpacked(site):
    site.pages["/"] = lambda answer: answer.give(gzip.compress(b"words " * 1000), Content_Encoding="gzip")
    assert fetch(site.address).data == b"words " * 1000


@pytest.mark.parametrize("address", ["ftp://example.org/x", "file:///etc/passwd", "https://", "http://[::1/x"])
def test_only_web_addresses_are_fetched(address):
    with pytest.raises(RefusedError, match="no web address"):
        fetch(address)


def test_a_password_in_an_address_is_not_sent_or_shown():
    with pytest.raises(RefusedError) as told:
        fetch("http://me:secret@127.0.0.1/")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_inside_a_network_are_told_from_public_ones(address):
    assert not is_public(address)
    assert is_public("1.1.1.1")
    assert is_public("2606:4700::1111")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_refused_however_they_are_written(site, host):
    with pytest.raises(RefusedError, match="--allow-private"):
        fetch(f"http://{host}:{site.server_address[1]}/", allow_private=False)
    assert site.asked == []


def test_redirects_are_followed_and_each_is_checked(site, monkeypatch):
    site.pages["/start"] = lambda answer: answer.give(b"", status=302, Location="middle")
    site.pages["/middle"] = lambda answer: answer.give(b"", status=308, Location="/end")
    site.pages["/end"] = b"there"
    page = fetch(f"{site.address}/start")
    assert (page.data, page.address) == (b"there", f"{site.address}/end")

    # Were 127.0.0.1 public, a page on it could still lead to 127.0.0.2.
    monkeypatch.setattr(web, "is_public", lambda address: address == "127.0.0.1")
    site.pages["/inside"] = lambda answer: answer.give(b"", status=301, Location="http://127.0.0.2/secret")
    site.pages["/file"] = lambda answer: answer.give(b"", status=301, Location="file:///etc/passwd")
    for path, said in (("/inside", "127.0.0.2"), ("/file", "no web address")):
        with pytest.raises(RefusedError, match=said):
            fetch(f"{site.address}{path}", allow_private=False)


def test_redirects_without_end_are_given_up(site):
    site.pages["/round"] = lambda answer: answer.give(b"", status=302, Location="/round")
    with pytest.raises(FetchError, match="redirected more than"):
        fetch(f"{site.address}/round")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """Given a name that means a public address once and this machine ever after, the second meaning is never asked for."""
    real, asked = socket.getaddrinfo, []

    def changing(host, port, *rest, **named):
        if host != "news.test":
            return real(host, port, *rest, **named)
        asked.append(host)
        return real("192.0.2.1" if len(asked) == 1 else "127.0.0.1", port, *rest, **named)

    tried = []

    def connect(address, timeout):
        assert timeout > 0
        tried.append(address[0])
        raise OSError("unreachable")

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(web, "is_public", lambda address: address == "192.0.2.1")
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch("http://news.test/", allow_private=False)
    assert tried == ["192.0.2.1"]
    assert asked == ["news.test"]


def test_a_page_of_too_many_bytes_is_refused_also_when_it_is_small_on_the_way(site):
    site.pages["/large"] = b"x" * 3000
    site.pages["/bomb"] = lambda answer: answer.give(gzip.compress(b"x" * 10_000_000), Content_Encoding="gzip")
    for path in ("/large", "/bomb"):
        with pytest.raises(TooLargeError, match="more than"):
            fetch(f"{site.address}{path}", largest=2000)


def test_a_site_that_dribbles_is_cut_off_in_time(site):
    def dribble(answer):
        answer.send_response(200)
        answer.end_headers()
        for _ in range(100):
            answer.wfile.write(b"x")
            time.sleep(0.05)

    site.pages["/slow"] = dribble
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"within 0\.5 seconds"):
        fetch(f"{site.address}/slow", seconds=0.5)
    assert time.monotonic() - started < 2


def test_what_is_no_page_is_told_in_one_sentence(site):
    site.pages["/busy"] = lambda answer: answer.give(b"", status=503)
    for path, said in (("/none", "404 Not Found; check the address"), ("/busy", "503 .*; try again later")):
        with pytest.raises(FetchError, match=said):
            fetch(f"{site.address}{path}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch(f"http://127.0.0.1:{port}/")


def test_robots_are_asked_once_a_site_and_heeded_also_after_a_redirect(site):
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /private\n"
    site.pages["/open"], site.pages["/private/x"] = b"open", b"closed"
    site.pages["/way"] = lambda answer: answer.give(b"", status=302, Location="/private/x")
    fetcher = Fetcher(allow_private=True)
    assert fetcher.fetch(f"{site.address}/open").data == b"open"
    for path in ("/private/x", "/way"):
        with pytest.raises(RefusedError, match=r"robots\.txt"):
            fetcher.fetch(f"{site.address}{path}")
    assert [path for path, *_ in site.asked] == ["/robots.txt", "/open", "/way"]


def test_a_site_whose_rules_cannot_be_read_for_now_is_left_alone(site):
    site.pages["/robots.txt"] = lambda answer: answer.give(b"", status=500)
    site.pages["/open"] = b"open"
    with pytest.raises(RefusedError, match=r"robots\.txt"):
        fetch(f"{site.address}/open")


ROBOTS = """
User-agent: other
Disallow: /

User-agent: Claimline
User-agent: third   # both
Crawl-delay: 2
Disallow: /a
Allow: /a/b
Disallow: /*.pdf$
Disallow:

User-agent: *
Disallow: /c
"""


@pytest.mark.parametrize(
    ("path", "agent", "allowed"),
    [
        ("/a/x", "claimline", False), ("/a/b/x", "claimline", True), ("/x/y.pdf", "claimline", False),
        ("/x/y.pdf?z", "claimline", True), ("/c", "claimline", True), ("/c", "fourth", False), ("/d", "fourth", True),
        ("/d", "other", False),
    ],
)  # fmt: skip
def test_the_longest_rule_of_the_own_group_decides(path, agent, allowed):
    assert parse_robots(ROBOTS, agent).allow(path) is allowed


def test_a_pause_is_read_and_kept_within_bounds(site):
    assert parse_robots(ROBOTS, "claimline").pause == 2
    assert parse_robots("User-agent: *\nCrawl-delay: 3600", "claimline").pause == 10
    site.pages["/robots.txt"] = b"User-agent: *\nCrawl-delay: 0.3\n"
    site.pages["/a"] = b"a"
    fetcher = Fetcher(allow_private=True)
    started = time.monotonic()
    for _ in range(3):
        fetcher.fetch(f"{site.address}/a")
    assert time.monotonic() - started >= 0.6


@pytest.fixture
def secure_site(site, tmp_path):
    """The site, speaking TLS with a certificate for "localhost" that it has signed itself, and the certificate's file."""
    import datetime
    import ssl

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    certificate, private = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    return site, certificate


def test_a_secure_page_is_read_and_its_site_must_prove_who_it_is(secure_site, monkeypatch):
    site, certificate = secure_site
    site.pages["/a"] = b"safe"
    port = site.server_address[1]
    with pytest.raises(FetchError, match="cannot prove that it is who it says"):
        fetch(f"https://localhost:{port}/a")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(f"https://localhost:{port}/a").data == b"safe"
    with pytest.raises(FetchError, match="cannot prove that it is who it says"):
        fetch(f"https://127.0.0.1:{port}/a")
