#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Usage: terminal.py COLUMNS[,LATER] SECONDS COMMAND...
Runs the command with its standard error on a terminal so wide until it has begun its line four times, but not
longer than so many seconds; LATER: makes the terminal so wide then and goes on as long again. Then sends SIGTERM.
Prints what the last terminal got, with each carriage return as a line's end."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


def set_columns(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def start(columns, command):
    """In a session of its own, so that the terminal is its own."""
    pid, terminal = pty.fork()
    if pid == 0:
        set_columns(2, columns)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execvp(command[0], command)
    return pid, terminal


def read_until(terminal, seconds, returns):
    """What it writes until then, until so many carriage returns, or until it ends."""
    text = b""
    end = time.monotonic() + seconds
    while time.monotonic() < end and text.count(b"\r") < returns:
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                text += os.read(terminal, 65536)
            except OSError:
                break
    return text


def main():
    columns = [int(word) for word in sys.argv[1].split(",")]
    seconds = float(sys.argv[2])
    pid, terminal = start(columns[0], sys.argv[3:])
    text = read_until(terminal, seconds, 4)
    if len(columns) > 1:
        set_columns(terminal, columns[1])
        read_until(terminal, seconds, 2)  # one line may have been measured before
        text = read_until(terminal, seconds, 4)
    os.kill(pid, signal.SIGTERM)
    text += read_until(terminal, 20, sys.maxsize)
    os.waitpid(pid, 0)
    print(text.decode().replace("\r\n", "\n").replace("\r", "\n"), end="")


main()
