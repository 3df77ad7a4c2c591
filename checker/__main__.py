"""`python -m checker` is `checker`."""

from checker.cli.main import main

main()
