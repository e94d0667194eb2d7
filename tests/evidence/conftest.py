"""A web site on this machine, for the tests that read from one."""

import http.server
import threading

import pytest


class Site(http.server.ThreadingHTTPServer):
    """A web server whose pages are functions or bytes, and which remembers what was asked of it."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.pages, self.asked = {}, []

    def handle_error(self, request, client_address):
        """A client may go before it has heard all."""

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"], self.headers["User-Agent"]))
        page = self.server.pages.get(self.path)
        if callable(page):
            page(self)
        else:
            self.give(page if page is not None else b"", status=404 if page is None else 200)

    def give(self, data, *, status=200, **headers):
        self.send_response(status)
        for name, value in {"Content_Length": len(data), "Content_Type": "text/html", **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def site():
    server = Site()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
