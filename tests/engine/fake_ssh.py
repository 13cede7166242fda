"""Stands in for ``ssh -N -L near:far host`` in the tests: forwards a unix socket, or fails as ssh does.

The host it is asked for says what it does: ``works``, ``refuses`` (wrong key), ``no-forwarding`` (it
gets in, and the far socket can't be had), ``breaks`` (dies after its first few connections), ``hangs``
(never ready). Its arguments are written to ``$FAKE_SSH_LOG``, one JSON list a line.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time


def pump(source: socket.socket, sink: socket.socket) -> None:
    while data := source.recv(65536):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)


def forward(near: str, far: str, host: str) -> None:
    if os.path.exists(near):
        os.unlink(near)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(near)
    listener.listen()
    for served in range(1, 1_000_000):
        client, _ = listener.accept()
        there = socket.socket(socket.AF_UNIX)
        try:
            there.connect(far)
        except OSError:
            print("channel 2: open failed: connect failed: open failed", file=sys.stderr, flush=True)
            client.close()
            continue
        if host == "breaks" and served == 2:
            print("client_loop: send disconnect: Broken pipe", file=sys.stderr, flush=True)
            os._exit(255)
        threading.Thread(target=pump, args=(client, there), daemon=True).start()
        threading.Thread(target=pump, args=(there, client), daemon=True).start()


def main() -> None:
    arguments = sys.argv[1:]
    with open(os.environ["FAKE_SSH_LOG"], "a", encoding="utf-8") as log:
        log.write(json.dumps([os.getpid(), *arguments]) + "\n")
    host = arguments[-1]
    if host == "refuses":
        print("\x1b[31mops@refuses: Permission denied (publickey).", file=sys.stderr)
        sys.exit(255)
    if host == "hangs":
        time.sleep(600)
    near, _, far = arguments[arguments.index("-L") + 1].partition(":")
    forward(near, far, host)


main()
