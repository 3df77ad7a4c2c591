"""Problems of JSON have plain messages, with the names as the text writes them."""

from __future__ import annotations

import pytest

from checker.exchange.positioned_data import read_data
from checker.language.syntax.problems import Finding


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": "x\ny"}', "f.json:1:9: error: not JSON: invalid control character"),
        ('{"a": "x', "f.json:1:7: error: not JSON: unterminated string"),
        ('{"a": 1} 2', "f.json:1:10: error: not JSON: extra data"),
        ('{"aDay": 1, "aDay": 2}', "not JSON: the key `aDay` stands twice in one object"),
        ('{"a": NaN}', "not JSON: `NaN` is no number"),
        ('{"a": 1e99999999999999999999}', "not JSON: a number beyond all bounds"),
        (f'{{"a": {"9" * 5000}}}', "f.json:1:1: error: not JSON: a number of thousands of digits"),
        ("[" * 100_000, "f.json:1:1: error: nested too deeply to be read"),
    ],
)
def test_invalid_json_is_a_problem(text: str, message: str) -> None:
    problem = read_data(text.encode(), "f.json")
    assert isinstance(problem, Finding) and problem.check == "unreadable"
    assert str(problem).endswith(message)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff", "f.json:1:1: error: not UTF-8: byte 0xff"),
        (b'{"a":\n "\xc3\xa4\xe4"}', "f.json:2:4: error: not UTF-8: byte 0xe4"),
        (b"\xef\xbb\xbf[\xfe", "f.json:1:2: error: not UTF-8: byte 0xfe"),
    ],
)
def test_bytes_that_are_no_text_have_a_position(raw: bytes, message: str) -> None:
    problem = read_data(raw, "f.json")
    assert isinstance(problem, Finding) and str(problem).startswith(message)
