"""Fetches pages from the web, within limits of size and time, and never from the inside of a network.

Every hop of a redirect is checked like the first: its scheme, its site's robots.txt, and every address that its name
stands for. The connection is made to the address that was checked, so that a name cannot change its meaning between
the check and the connection.
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from evidence.readers.errors import ReadingError, TooLargeError
from evidence.robots import NOTHING, Rules, parse_robots

AGENT = "claimline"
SECONDS = 30.0
"""For one page, from the first look-up of its name to its last byte, redirects included."""
LARGEST_PAGE = 20 * 1024 * 1024
LARGEST_ROBOTS = 500 * 1024
HOPS = 5
"""Redirects that are followed."""
MOVED = frozenset({301, 302, 303, 307, 308})
CHUNK = 64 * 1024
INSIDE_IPV6 = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that carry one of IPv4 in their last bytes (RFC 6052)."""
PATH_MARKS = "/%:@!$&'()*+,;=~-._"


class FetchError(ReadingError):
    """A page cannot be fetched."""


class RefusedError(FetchError):
    """An address is not one that is fetched: of another scheme, inside a network, or closed to programs by its site."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a web address gave."""

    address: str
    """After redirects."""
    kind: str
    """Its media type, in lower case; empty where the site does not say."""
    charset: str | None
    data: bytes


def is_address(name: str) -> bool:
    """Whether a name is an address with a scheme, and not a path."""
    scheme, colon, _ = name.partition("://")
    return bool(colon) and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum() and len(scheme) > 1


class Fetcher:
    """Fetches pages one after the other, and remembers each site's rules."""

    def __init__(self, *, allow_private: bool = False, seconds: float = SECONDS, largest: int = LARGEST_PAGE) -> None:
        """Set the limits.

        Args:
            allow_private: also fetch from private and loopback addresses.
            seconds: for one page in all.
            largest: bytes of a page, unpacked.
        """
        self._allow_private = allow_private
        self._seconds = seconds
        self._largest = largest
        self._rules: dict[tuple[str, str], Rules] = {}
        self._last: dict[str, float] = {}

    def fetch(self, address: str) -> Page:
        """Fetch a page.

        Raises:
            RefusedError: the address, or one that it leads to, is not one that is fetched.
            TooLargeError: the page is too large.
            FetchError: the site does not answer, or not with a page.
        """
        return self._follow(address, time.monotonic() + self._seconds, ask=True, largest=self._largest)

    def _follow(self, address: str, deadline: float, *, ask: bool, largest: int) -> Page:
        current = address
        for _ in range(HOPS + 1):
            parts = _parts(current)
            if ask:
                rules = self._rules_of(parts, deadline)
                if not rules.allow(_target(parts)):
                    raise RefusedError(
                        f"{current} is closed to programs by its site's robots.txt; save the page as a file and name that."
                    )
                deadline += self._wait(parts, rules)
            found = self._get(parts, deadline, largest)
            if isinstance(found, Page):
                return found
            current = urljoin(current, found)
        raise FetchError(f"{address} is redirected more than {HOPS} times; name the page that it leads to.")

    def _rules_of(self, parts: SplitResult, deadline: float) -> Rules:
        site = (parts.scheme, parts.netloc)
        if site not in self._rules:
            try:
                page = self._follow(
                    f"{parts.scheme}://{parts.netloc}/robots.txt", deadline, ask=False, largest=LARGEST_ROBOTS
                )
                self._rules[site] = parse_robots(page.data.decode("utf-8", "replace"), AGENT)
            except RefusedError:
                raise
            except _AnswerError as error:
                # A site without rules is open; one that cannot tell them now is not (RFC 9309, 2.3.1).
                self._rules[site] = Rules() if 400 <= error.status < 500 and error.status != 429 else NOTHING
            except TooLargeError:
                self._rules[site] = Rules()
        return self._rules[site]

    def _wait(self, parts: SplitResult, rules: Rules) -> float:
        """Pause as a site asks for; returns the seconds that were spent."""
        due = self._last.get(parts.netloc, float("-inf")) + rules.pause - time.monotonic()
        if rules.pause and due > 0:
            time.sleep(due)
        self._last[parts.netloc] = time.monotonic()
        return max(0.0, due) if rules.pause else 0.0

    def _get(self, parts: SplitResult, deadline: float, largest: int) -> Page | str:
        """One hop: the page, or where it has moved to."""
        address = urlunsplit(parts)
        try:
            with self._connected(parts, deadline) as (connection, watch):
                connection.request(
                    "GET",
                    _target(parts),
                    headers={"Host": parts.netloc, "User-Agent": _agent(), "Accept": "*/*", "Accept-Encoding": "gzip"},
                )
                answer = connection.getresponse()
                where = answer.headers.get("Location")
                if answer.status in MOVED and where:
                    return where
                if answer.status != 200:
                    raise _AnswerError(address, answer.status, answer.reason)
                data = _body(answer, address, largest)
                if watch.expired:
                    raise TimeoutError
                return Page(address, *_kind(answer.headers), data)
        except TimeoutError as error:
            raise _late(address, self._seconds) from error
        except ssl.SSLCertVerificationError as error:
            raise FetchError(
                f"{address} cannot prove that it is who it says ({error.verify_message}); save the page as a file and name that."
            ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= deadline:
                raise _late(address, self._seconds) from error
            if isinstance(error, ReadingError):
                raise
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise FetchError(f"{address} cannot be reached ({reason}); check the address and the network.") from error

    @contextmanager
    def _connected(self, parts: SplitResult, deadline: float) -> Iterator[tuple[http.client.HTTPConnection, _Watch]]:
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        plain = self._connect(host, port, deadline)
        # Each read has a limit of its own; the watch ends a site that sends a byte at a time for ever.
        watch = _Watch(plain, deadline)
        try:
            connection = http.client.HTTPConnection(host, port)
            connection.sock = (
                ssl.create_default_context().wrap_socket(plain, server_hostname=host)
                if parts.scheme == "https"
                else plain
            )
            yield connection, watch
        finally:
            watch.end()
            with suppress(OSError):
                plain.close()
            connection.close()

    def _connect(self, host: str, port: int, deadline: float) -> socket.socket:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise FetchError(f"the site {host} is not known; check the address and the network.") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        inside = [one for one in addresses if not is_public(one)]
        if inside and not self._allow_private:
            where = "is" if host == inside[0] else f"is at {inside[0]},"
            raise RefusedError(
                f"{host} {where} inside this machine or its network; give --allow-private to read it all the same."
            )
        failure: OSError = OSError("no address")
        for address in addresses:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                return socket.create_connection((address, port), timeout=left)
            except OSError as error:
                failure = error
        raise failure


def is_public(address: str) -> bool:
    """Whether an IP address is on the open internet, and not of a private network, this machine or this link."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in INSIDE_IPV6:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _AnswerError(FetchError):
    """A site answers, but not with a page."""

    def __init__(self, address: str, status: int, reason: str) -> None:
        advice = "try again later" if status in {429, 500, 502, 503, 504} else "check the address"
        super().__init__(f"{address} answers with {status} {reason}".rstrip() + f"; {advice}.")
        self.status = status


class _Watch:
    """Ends a connection at its deadline."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        # A duplicate, since TLS takes the socket over.
        self._socket = socket.socket(fileno=os.dup(connected.fileno()))
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._expire)
        self._timer.daemon = True
        self._timer.start()
        self.expired = False

    def _expire(self) -> None:
        self.expired = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self._timer.cancel()
        self._timer.join()
        self._socket.close()


def _parts(address: str) -> SplitResult:
    """An address in parts, checked and with all characters quoted that need it."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise RefusedError(f"{address} is no web address ({error}); check it.") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise RefusedError(f"{address} is no web address that can be read; it must open with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        raise RefusedError(f"{parts.scheme}://{host} is named with a user or password; name the page without them.")
    try:
        known = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise RefusedError(f"{host} is no name that a site can have; check the address.") from error
    shown = f"[{known}]" if ":" in known else known
    return SplitResult(
        parts.scheme,
        f"{shown}:{port}" if port else shown,
        quote(parts.path or "/", safe=PATH_MARKS),
        quote(parts.query, safe=PATH_MARKS + "?"),
        "",
    )


def _target(parts: SplitResult) -> str:
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _agent() -> str:
    try:
        return f"{AGENT}/{version('claimline')}"
    except PackageNotFoundError:
        return AGENT


def _late(address: str, seconds: float) -> FetchError:
    return FetchError(f"{address} did not answer in full within {seconds:g} seconds; try again later.")


def _kind(headers: Message) -> tuple[str, str | None]:
    if "Content-Type" not in headers:
        return "", None
    return headers.get_content_type().lower(), headers.get_content_charset()


def _body(answer: http.client.HTTPResponse, address: str, largest: int) -> bytes:
    packing = (answer.headers.get("Content-Encoding") or "identity").strip().lower()
    if packing not in {"identity", "gzip", "x-gzip"}:
        raise FetchError(f"{address} is packed as {packing}, which is not read; save the page as a file and name that.")
    unpacker = zlib.decompressobj(wbits=31) if packing != "identity" else None
    found = bytearray()
    while chunk := answer.read(CHUNK):
        try:
            found += unpacker.decompress(chunk, largest + 1 - len(found)) if unpacker else chunk
        except zlib.error as error:
            raise FetchError(f"{address} is not packed as it says; save the page as a file and name that.") from error
        if len(found) > largest:
            raise TooLargeError(f"{address} has more than {largest // 1024**2} MB, the most that is read of a page.")
    return bytes(found)
