"""The benchmark: the real command in a pseudo-terminal, on an engine of its own.

    python -m tests.bench [--quick] [--world small|large|both]

It measures and compares; it does not judge, and ends with exit code 0 whatever comes out.
"""
