"""A `gtpipe` that begins at once: each command is a fork of a process that has imported everything.

To import gtpipe and what it stands on takes most of a short command's time, and the suite starts
hundreds of commands. The fork is a process of its own all the same: its own folder, environment,
streams (a terminal too), signals and exit code. Where the interpreter itself matters (hash seeds,
locales, what is imported), tests start a real one.

    python tests/forked.py serve SOCKET
        waits for commands, until its standard input is closed
    python -I -S tests/forked.py run SOCKET …
        is `gtpipe` on the PATH: hands its streams on, and waits
"""

import gc
import json
import os
import signal
import socket
import sys
import traceback

STREAMS, MOST_OPEN = 3, 1 << 16


def request(
    path: str, arguments: list[str], cwd: str, env: dict[str, str], streams: list[int]
) -> socket.socket:
    """Begin a command; what comes back first is its process id, then its exit code, a line each."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    asked = json.dumps({"arguments": arguments, "cwd": cwd, "env": env}).encode()
    socket.send_fds(connection, [len(asked).to_bytes(4, "big")], streams)
    connection.sendall(asked)
    return connection


def run(path: str, arguments: list[str]) -> int:
    """Be the command: Ctrl-C and an end by signal are handed on to the fork that does the work."""
    connection = request(path, arguments, os.getcwd(), dict(os.environ), [0, 1, 2])
    answer = connection.makefile()
    process = int(answer.readline())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGWINCH):
        signal.signal(number, lambda number, _: os.kill(process, number))
    code = int(answer.readline() or -signal.SIGKILL)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code not in (
            signal.SIGKILL,
            signal.SIGSTOP,
        ) else None
        os.kill(os.getpid(), -code)
    return code


def serve(path: str) -> None:
    """Fork for each command that comes in, until standard input is closed."""
    import select

    _import_everything()
    gc.freeze()  # or each fork copies what looking for rubbish touches
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(16)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while listening in select.select([listening, 0], [], [])[0]:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _look_after(connection)
        connection.close()


def _import_everything() -> None:
    import importlib
    import pkgutil

    import gtpipe

    for module in pkgutil.walk_packages(gtpipe.__path__, "gtpipe."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("numpy", "scipy.sparse", "spacy", "filelock", "sqlite3"):
        importlib.import_module(name)


def _look_after(connection: socket.socket) -> None:
    """Run one command in a fork of this fork, and send how it ended. Never returns."""
    size, streams, _, _ = socket.recv_fds(connection, 4, STREAMS)
    asked = b""
    while len(asked) < int.from_bytes(size, "big"):
        asked += connection.recv(1 << 16)
    process = os.fork()
    if process == 0:
        connection.close()
        become(json.loads(asked), streams)
    for stream in streams:
        os.close(stream)
    connection.sendall(f"{process}\n".encode())
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    connection.sendall(f"{code}\n".encode())
    os._exit(0)


def become(asked: dict, streams: list[int]) -> None:
    """Be `gtpipe ARGUMENTS`, with these streams and nothing else that is open. Never returns."""
    from gtpipe.cli import main

    code = 3
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.closerange(STREAMS, MOST_OPEN)
        sys.stdin = os.fdopen(0, closefd=False)
        sys.stdout, sys.stderr = (
            os.fdopen(
                number, "w", buffering=1 if number == 2 or os.isatty(number) else -1, closefd=False
            )
            for number in (1, 2)
        )
        os.environ.clear()
        os.environ.update(asked["env"])
        os.chdir(asked["cwd"])
        sys.argv = ["gtpipe", *asked["arguments"]]
        code = main()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        sys.exit(run(sys.argv[2], sys.argv[3:]))
