"""A store on object storage is one like any other; tried against an S3 server on this machine."""

import os
import socket
import subprocess
import sys
import time

import pytest
from evidence_samples import WordVectors, document, free_port

from evidence.store import StoreError, copy_store, open_store

STEEL, COAL = document("steel.txt", "Steel rose by 1,854 tonnes."), document("coal.txt", "Coal fell.")


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    import boto3

    port, log = free_port(), tmp_path_factory.mktemp("s3") / "log"
    known = {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=out, stderr=out
        )
    with pytest.MonkeyPatch.context() as patch:
        for name, value in known.items():
            patch.setenv(name, value)
        for _ in range(300):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"]).create_bucket(Bucket="evidence")
        yield "s3://evidence"
    server.terminate()
    server.wait(timeout=20)


def test_a_bucket_keeps_sources_and_finds_them(bucket, tmp_path):
    address = f"{bucket}/news"
    with pytest.raises(StoreError, match="claimline evidence add"):
        open_store(address, embedder=WordVectors, create=False)
    store = open_store(address, embedder=WordVectors, create=True)
    assert store.add_documents([STEEL, COAL]).added == 2
    assert store.add_documents([document("steel.txt", "Steel rose by 1,584 tonnes.")]).replaced == 1
    store.optimize()
    again = open_store(address, embedder=WordVectors, create=False)
    assert again.search(["1,854 tonnes of steel"], top_k=1)[0][0].passage.text == "Steel rose by 1,584 tonnes."
    again.remove(next(one.id for one in again.sources() if one.uri == "coal.txt"))
    assert [one.uri for one in open_store(address, embedder=WordVectors, create=False).sources()] == ["steel.txt"]
    local = open_store(str(tmp_path / "local"), embedder=WordVectors, create=True)
    assert copy_store(again, local) == 1
    assert local.sources() == again.sources()


def test_a_bucket_that_is_not_there_is_told_in_one_sentence(bucket):
    assert bucket
    with pytest.raises(StoreError) as told:
        open_store("s3://nothing-here/news", embedder=WordVectors, create=True).add_documents([STEEL])
    assert "\n" not in str(told.value)
