"""A centre as a process that can be killed: python -m tests.link.centre_process ADDRESS SEED [MOST_AT_ONCE]

Prints its port once it listens. Serves, interprets and enters receipts in the log until it is stopped.
"""

import socket
import sys
import threading

import uvicorn

from app.centre.http import Door
from app.centre.interpreting import Interpreter
from app.centre.keys import FileKeys
from app.centre.sequencing import sequence
from app.centre.store import Store


def keys_of(seed: int) -> FileKeys:
    """The keys of the centre of this number: the same after each restart."""
    return FileKeys(*(bytes([seed % 256, part] * 16) for part in range(3)))


def main() -> None:
    address, seed = sys.argv[1], int(sys.argv[2])
    store, keys = Store(address, connections=4), keys_of(seed)
    stop = threading.Event()

    def work() -> None:
        interpreter = Interpreter(store)
        while not stop.is_set():
            try:
                if not interpreter.step() and not sequence(store):
                    stop.wait(0.05)
            except Exception:  # the database was restarted: the next step finds it again
                stop.wait(0.2)

    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=work, daemon=True).start()
    server = uvicorn.Server(uvicorn.Config(Door(store, keys, rate=10_000).application(), log_level="critical"))
    print(listening.getsockname()[1], flush=True)
    server.run(sockets=[listening])
    stop.set()


if __name__ == "__main__":
    main()
