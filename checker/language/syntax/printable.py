"""Text of documents, files and tables made safe to print on a terminal, in a log or in a report.

Everything that a command prints passes `terminal_line`, `json_output` or `xml_output` at the edge.
The program's own styles travel as marks that no document can hold, and become the sequences of a
terminal there, so that no text of a document is one.
"""

from __future__ import annotations

import json
import os
import re

# C0 and C1 controls, line and paragraph separators, bidirectional controls (Unicode Standard,
# section 23.2), what is invisible (but for the joiners and the zero-width space, which words need),
# tags, the byte order mark, and halves of surrogate pairs
CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BUT_LINE_FEEDS = re.compile(f"(?!\n){CONTROLS.pattern}")
# What a runner of GitHub takes for a command: two colons at the start of a line, after any spaces,
# or a bracket after two signs anywhere (actions/runner, `ActionCommand.cs`); Azure has the latter
_COMMAND = re.compile(r"(?m)^([^\S\n]*):(?=:)")
_OLD_COMMAND = re.compile(r"(?i)#(?=#(\[|vso\[))")

_STYLES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "magenta": 35, "cyan": 36}
_MARK = f"\x1b{os.urandom(8).hex()}"  # another one in each process: no document can know it
_MARKED = re.compile(f"{_MARK}([0-9;]+)m")


def printable(text: str) -> str:
    """Return the text as one line, with an escape (`\\x1b`) for each control character in it."""
    return CONTROLS.sub(lambda match: _escape(match[0]), _OLD_COMMAND.sub(r"\\x23", text))


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def styled(text: str, *styles: str) -> str:
    """Return the text in styles of a terminal (`bold`, `red`), for `terminal_line`."""
    codes = ";".join(str(_STYLES[style]) for style in styles)
    return f"{_MARK}{codes}m{text}{_MARK}0m"


def terminal_line(line: str) -> str:
    """Return a line of a command's output, safe to print, with the sequences of its styles.

    Control characters and line ends in it are escaped, and it begins no command of a runner.
    """
    parts = _MARKED.split(line)  # a text, the codes of a style, a text, …
    texts = [printable(part) for part in parts[::2]]
    if _COMMAND.match("".join(texts)):
        first = next(number for number, text in enumerate(texts) if text.strip())
        texts[first] = texts[first].replace(":", "\\x3a", 1)
    parts[::2] = texts
    parts[1::2] = [f"\x1b[{codes}m" for codes in parts[1::2]]
    return "".join(parts)


def json_output(text: str) -> str:
    """Return a text of JSON that says the same, with escapes for control characters."""
    text = _OLD_COMMAND.sub(r"\\u0023", text)
    return _BUT_LINE_FEEDS.sub(lambda match: json.dumps(match[0])[1:-1], text)


def xml_output(text: str) -> str:
    """Return a text of XML that says the same, with references for control characters."""
    text = _COMMAND.sub(r"\1&#58;", _OLD_COMMAND.sub("&#35;", text))
    return _BUT_LINE_FEEDS.sub(lambda match: f"&#{ord(match[0])};", text)
