"""A job of a shell: stopped with the shell's consent, and back only when the terminal is its own again."""

from __future__ import annotations

import errno
import os
import signal
import termios


def stop_job() -> None:
    """Stop the whole process group, as the terminal's Ctrl-Z does; return when it has been continued.

    The whole of it, because the shell waits for all of it: under ``make run`` or ``sudo`` a stop of this process
    alone would leave the user at a terminal that nobody reads. And with the signal that the kernel ignores when no
    shell is there to continue the job (an orphaned process group, POSIX 2.4.4): then this returns at once.
    """
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.killpg(0, signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, signal.SIG_DFL if before is None else before)


def stop_process() -> None:
    """Stop this process, and return when it has been continued."""
    os.kill(os.getpid(), signal.SIGSTOP)


def wait_for_foreground(fd: int) -> bool:
    """Return when this job may use the terminal; in the background (after ``bg``) it is stopped until then.

    Returns:
        False when it never will: the terminal is gone, or so is the shell that could give it back.
    """
    if not os.isatty(fd):
        return True
    # Setting what is set already: from the background it stops the job (SIGTTOU), and begins anew after that.
    before = signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    try:
        while True:
            try:
                termios.tcsetattr(fd, termios.TCSANOW, termios.tcgetattr(fd))
            except termios.error as error:
                if error.args[0] != errno.EINTR:  # that is SIGCONT, which we catch: continued, if not yet in front
                    return False
            else:
                return True
    finally:
        signal.signal(signal.SIGTTOU, signal.SIG_DFL if before is None else before)
