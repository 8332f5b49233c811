"""What the desk costs: the first screen, a key, an act; in processor time, without a terminal.

By hand:

    python tests/benchmarks/desk.py [--interviews 100 --turns 100 --codings 12000 --codes 1500]

The first screen is to take less than 1 s above the import of Textual, a key 50 ms, a code written
100 ms. `--interviews 2 --turns 800` has interviews of more than 20,000 words.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from generate import RESEARCHERS, generate

KEYS = ("j", "w", "down", "shift+right", "pagedown", "full_stop", "escape")
TIMES = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, number in (("interviews", 100), ("turns", 100), ("codings", 12_000), ("codes", 1500)):
        parser.add_argument(f"--{name}", type=int, default=number)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate(root, **vars(given))
        measure(root)


def measure(root: Path) -> None:
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    study, by = Study(root), next(iter(RESEARCHERS))
    load(study)  # what a study keeps of itself is there, as on any day but the first
    start = time.process_time()
    import textual.app  # noqa: F401

    imported = time.process_time()
    from gtpipe.desk.app import Desk
    from gtpipe.desk.sitting import Sitting

    sitting = Sitting.begin(study, by=by)
    gc.freeze()
    desk = Desk(sitting)

    def act(does: Callable[[], str]) -> float:
        before = time.process_time()
        assert desk.act(does)
        return time.process_time() - before

    async def sit() -> None:
        async with desk.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            painted = time.process_time()
            told = [f"Textual imported in {imported - start:.2f} s"]
            told.append(f"the first screen {painted - imported:.2f} s later")
            for key in KEYS:
                taken = []
                for _ in range(TIMES):
                    before = time.process_time()
                    await pilot.press(key)
                    await pilot.pause()
                    taken.append(time.process_time() - before)
                told.append(f"{key:12} {_milliseconds(taken)}")
            coded = [
                act(lambda n=n: sitting.code(sitting.turn, f"measuring {n}")) for n in range(TIMES)
            ]
            told.append(f"{'code':12} {_milliseconds(coded)}")
            recoded = [
                act(
                    lambda n=n: sitting.recode(
                        sitting.codings_at(sitting.turn.id)[-1], f"again {n}"
                    )
                )
                for n in range(TIMES)
            ]
            told.append(f"{'recode':12} {_milliseconds(recoded)}")
            told.append(f"{'undo':12} {_milliseconds([act(sitting.undo) for _ in range(TIMES)])}")
        print("\n".join(told))

    asyncio.run(sit())


def _milliseconds(taken: list[float]) -> str:
    return f"{1000 * statistics.median(taken):.0f} ms, at most {1000 * max(taken):.0f}"


if __name__ == "__main__":
    main()
