"""No changed document makes a command fail in another way than with its own words.

`python -m tests.fuzzing 100000` draws as many; here a share of 2,000, or `--worlds` of them. They
run in a process of their own, whose memory and processor time are measured.
"""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import PROJECT
from tests.drawing import share


def test_changed_documents_through_every_command(worlds_to_draw: int) -> None:
    documents = max(share(2000), worlds_to_draw)
    command = [sys.executable, "-m", "tests.fuzzing", str(documents)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
