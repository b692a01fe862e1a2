"""Places to answer questions are shared by pages and programs."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time

import pytest
from site_fakes import until

from ui.api.admission import Admission, Busy


def waiting(admission: Admission) -> int:
    return sum(map(len, admission._queues.values()))


def test_places_go_to_pages_and_programs_by_turns_in_the_order_they_came():
    admission, order, threads = Admission(at_once=1), [], []

    def ask(asker: str, name: str) -> None:
        with admission.place(asker):
            order.append(name)

    with admission.place():
        for asker, name in [("program", "a"), ("program", "b"), ("program", "c"), ("page", "x"), ("page", "y")]:
            threads.append(threading.Thread(target=ask, args=(asker, name)))
            threads[-1].start()
            until(lambda: waiting(admission) == len(threads))
    for thread in threads:
        thread.join(10)
    assert order == ["x", "a", "y", "b", "c"]


def test_never_more_at_once_than_places_and_no_place_is_lost():
    admission, lock, at_once, most = Admission(at_once=2, waiting=100), threading.Lock(), [0], [0]

    def ask(number: int) -> None:
        with admission.place("page" if number % 2 else "program"):
            with lock:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])
            time.sleep(0.002)
            with lock:
                at_once[0] -= 1
            if number % 5 == 0:
                raise ValueError("an answer that fails")

    def quiet(number: int) -> None:
        with contextlib.suppress(ValueError):
            ask(number)

    threads = [threading.Thread(target=quiet, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most[0] == 2 and admission._free == 2


def test_a_full_queue_refuses_at_once():
    admission = Admission(at_once=1, waiting=0)
    with admission.place(), pytest.raises(Busy, match="Try again"), admission.place():
        pass
    with admission.place():  # and the one that was refused holds nothing
        pass


def test_a_wait_that_is_given_up_leaves_the_queue():
    admission = Admission(at_once=1, waiting=1)

    async def ask() -> str:
        async with admission.place_soon():
            return "answered"

    async def main() -> None:
        with admission.place():
            for _ in range(3):
                asking = asyncio.create_task(ask())
                await asyncio.sleep(0.01)
                assert waiting(admission) == 1
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
                assert waiting(admission) == 0
        assert await ask() == "answered"

    asyncio.run(main())
    assert admission._free == 1


def test_a_place_given_while_the_wait_is_given_up_is_passed_on():
    async def main(admission: Admission) -> None:
        async def ask() -> None:
            async with admission.place_soon():
                pass

        held = admission.place()
        held.__enter__()
        asking = asyncio.create_task(ask())
        await asyncio.sleep(0.01)
        held.__exit__(None, None, None)  # given in this turn of the loop …
        asking.cancel()  # … and given up in the same
        with pytest.raises(asyncio.CancelledError):
            await asking

    admission = Admission(at_once=1)
    asyncio.run(main(admission))
    assert admission._free == 1
