"""What tests of evidence stand on: a web site, a Milvus server and a store on each engine, all on this machine."""

import http.server
import socket
import subprocess
import sys
import threading
import time
import uuid

import pytest
from evidence_samples import free_port


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


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory):
    """The address of a Milvus server that runs as long as the tests."""
    folder, port = tmp_path_factory.mktemp("milvus"), free_port()
    command = [sys.executable, "-m", "milvus_lite.cmdline", "server", "--data-dir", str(folder), "--port", str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    for _ in range(300):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert server.poll() is None, (folder / "log").read_text()
        time.sleep(0.1)
    await_answer(f"http://127.0.0.1:{port}")
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=20)


def await_answer(address):
    """Wait until a server that has opened its port answers as well, which takes it a while on a busy machine."""
    import pymilvus

    from evidence.milvus import SELDOM_PINGED

    for left in range(15, -1, -1):
        try:
            client = pymilvus.MilvusClient(uri=address, timeout=10, grpc_options=SELDOM_PINGED)
            client.list_collections()
            client.close()
            return
        except pymilvus.MilvusException:
            if not left:
                raise
            time.sleep(2)


@pytest.fixture
def milvus_address(milvus_server, monkeypatch):
    """The address of an empty store on the Milvus server."""
    from evidence import milvus

    name = uuid.uuid4().hex[:8]
    monkeypatch.setattr(milvus, "PASSAGES", f"p{name}")
    monkeypatch.setattr(milvus, "SOURCES", f"s{name}")
    return milvus_server


@pytest.fixture(params=["lance", "milvus"])
def address(request, tmp_path):
    """The address of an empty store, on each engine."""
    return request.getfixturevalue("milvus_address") if request.param == "milvus" else str(tmp_path / "evidence")
