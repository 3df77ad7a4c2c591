"""Nothing is ever fetched, whatever a document refers to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from checker.exchange.formats import FORMATS, read

DOCUMENTS = {
    "page.html": """<!DOCTYPE html SYSTEM "{at}/a.dtd" [<!ENTITY a SYSTEM "{at}/a">]>
<html><head><base href="{at}/"><link rel=stylesheet href="{at}/a.css"><script src="{at}/a.js">
</script><script type="application/ld+json" src="{at}/a.json">
{{"@context": "{at}/context", "@id": "{at}/shop", "hasMerchantReturnPolicy": "{at}/returns"}}
</script></head><body><iframe src="{at}/frame"></iframe><img src="{at}/a.png">&a;
<div itemscope itemtype="https://schema.org/Offer"><a itemprop="hasMerchantReturnPolicy"
href="{at}/returns">Returns</a></div></body></html>""",
    "page.xhtml": """<?xml version="1.0"?><?xml-stylesheet href="{at}/a.xsl"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "{at}/xhtml1-strict.dtd">
<html xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{at}/a"/></html>""",
    "page.json": """{{"@context": ["{at}/context", {{"@import": "{at}/more"}}], "@graph": [
{{"@type": "MerchantReturnPolicy", "@id": "{at}/returns", "merchantReturnLink": "{at}/returns",
"returnPolicySeasonalOverride": {{"@id": "{at}/season"}}, "url": "{at}/returns",
"returnPolicyUri": "{at}/returns", "href": "{at}/returns", "next": "{at}/returns?offset=1",
"returnsAccepted": true, "nextPageToken": "{at}", "info": "{at}", "event": "{at}"}}]}}""",
}


@pytest.fixture
def server_calls() -> Iterator[tuple[str, list[bytes]]]:
    """Give an address of this machine, and the requests that it receives."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                call, _ = server.accept()
                with call:
                    if request := call.recv(1000):
                        calls.append(request)
                        call.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")
                    else:
                        return  # the test's own call

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
        socket.create_connection(server.getsockname()).close()
        thread.join(10)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_fetched(server_calls: tuple[str, list[bytes]], format: str, name: str) -> None:
    address, calls = server_calls
    read(format, DOCUMENTS[name].format(at=address).encode(), name)
    assert calls == []


def test_a_fetch_would_be_noticed(server_calls: tuple[str, list[bytes]]) -> None:
    address, calls = server_calls
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as call:
        call.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert call.recv(100).startswith(b"HTTP/1.0 404")
    assert calls
