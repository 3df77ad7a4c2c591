"""Who may ask: this machine, and of the pages in its browsers the playground's own alone."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from checker.serve.security import refusal_reason
from tests.serve.server import POLICY, SELLER, Server, served
from tests.waiting import HANGS

PROVE = {"override": SELLER}


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "",
        "a:b",
    ],
)
def test_a_name_of_another_site_is_turned_away(host: str, server: Server) -> None:
    for path in ("", "api/documents", "page.js", "nothing"):
        answer = server.ask(path, Host=host)
        assert answer.status == 403
        assert "does not answer as" in answer.data["detail"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:99", "[::1]", "[::1]:80"])
def test_addresses_and_localhost_are_answered(host: str, server: Server) -> None:
    assert server.ask("api/documents", Host=host).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"},
    ],
)
def test_a_page_of_another_site_can_ask_nothing(headers: dict[str, str], server: Server) -> None:
    assert server.ask("api/prove", PROVE, **headers).status == 403
    if headers.get("Sec_Fetch_Mode") != "navigate":
        assert server.ask("api/documents", **headers).status == 403
    own = server.url.removesuffix("/")
    assert server.ask("api/prove", PROVE, Origin=own, Sec_Fetch_Site="same-origin").status == 200


def test_a_link_from_elsewhere_leads_to_the_page(server: Server) -> None:
    answer = server.ask("", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")
    assert answer.status == 200


def test_a_form_of_another_site_is_no_request(server: Server) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = server.ask("api/prove", PROVE, content_type=kind)
        assert answer.status == 415


@pytest.mark.parametrize("path", ["", "page.js", "api/documents", "api/nothing"])
def test_every_answer_tells_the_browser_to_keep_to_this_site(path: str, server: Server) -> None:
    headers = server.ask(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/..%2f..%2fpyproject.toml",
        "/%2e%2e/app.py",
        "//etc/passwd",
        "/page/",
        "/__init__.py",
        "/api",
        "/api/",
        "/api/document?kind=policy&name=../../../../etc/passwd",
        "/api/document?kind=policy&name=/etc/passwd",
        "/api/document?kind=policy&name=policy/platform/kuaishou/flash-purchase.yaml",
        "/api/document?kind=vocabulary&name=returns@2.0.0",
    ],
)
def test_no_path_leads_to_a_file(path: str, server: Server) -> None:
    where = urlsplit(server.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=HANGS)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status in (404, 422)
    assert '"type": "about:blank"' in text
    assert "root:" not in text


def test_a_link_out_of_a_root_is_passed_over(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    for folder, name in ((root, "inside"), (outside, "secret")):
        text = f"kind: override\nid: {name}\nversion: 1.0.0\npolicy: {POLICY}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (root / "link.yaml").symlink_to(outside / "secret.yaml")
    (root / "folder").symlink_to(outside)
    with served(roots=(root,)) as server:
        names = server.ask("api/documents").data["override"]
        assert "inside@1.0.0" in names
        assert not any("secret" in name for name in names)
        assert server.ask("api/document?kind=override&name=secret").status == 404
        broken = {"override": "inside"}
        (root / "inside.yaml").write_text(text.replace("secret", "inside") + "x: 1\n")
        said = server.ask("api/validate", broken).text
        assert '"inside.yaml:' in said
        assert str(tmp_path) not in said


def test_a_request_that_is_too_large_is_not_read(server: Server) -> None:
    answer = server.ask("api/prove", raw=b" " * (5 << 20))
    assert (answer.status, answer.data["status"]) == (413, 413)
    assert server.ask("api/documents").status == 200


def test_a_name_that_one_binds_to_is_ours() -> None:
    headers = {"host": "desk.example:80"}
    assert refusal_reason(headers, "desk.example", reading=True) == ""
    assert refusal_reason(headers, "127.0.0.1", reading=True)
