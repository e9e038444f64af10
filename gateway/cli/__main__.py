"""``python -m gateway.cli``: the same command where the console script is not installed."""

from gateway.cli import main

main()
