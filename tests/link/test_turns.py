"""When many laptops come at once: who is let in is answered soon, the others are told when to come again."""

import asyncio
import itertools
import time
from contextlib import suppress

import pytest

from app.centre import http
from app.centre.http import Door
from app.centre.limits import Turns
from app.centre.store import Store
from app.sync import told
from app.sync.client import Client as DeskClient
from tests.link.laptop import Laptop, centre_keys
from tests.link.served import served
from tests.link.wire_client import Client


def test_a_turn_is_given_in_order_and_the_urgent_come_first() -> None:
    async def work() -> list[str]:
        turns, order = Turns(4, time.monotonic), list[str]()

        async def one(name: str, size: int, patience: float | None) -> None:
            async with turns.of(size, patience):
                order.append(name)
                await asyncio.sleep(0)

        async with turns.of(4, 1):
            others = [asyncio.create_task(one(name, 3, 30.0)) for name in ("first", "second")]
            await asyncio.sleep(0)
            others.append(asyncio.create_task(one("slow line", 9, None)))
            await asyncio.sleep(0)
        await asyncio.gather(*others)
        return order

    assert asyncio.run(work()) == ["slow line", "first", "second"]


def test_who_waits_in_vain_is_sent_away_and_takes_no_turn_with_him() -> None:
    async def work() -> None:
        turns = Turns(4, time.monotonic)
        assert turns.retry_after() == 1
        async with turns.of(4, 1):
            vain = [asyncio.create_task(turns.of(4, 0.01).__aenter__()) for _ in range(400)]
            dropped = asyncio.create_task(turns.of(4, None).__aenter__())
            await asyncio.sleep(0)
            dropped.cancel()
            found = await asyncio.gather(*vain, dropped, return_exceptions=True)
            assert [type(one) for one in found] == [TimeoutError] * 400 + [asyncio.CancelledError]
        # The more were sent away, the later they come again, within bounds.
        assert 5 < turns.retry_after() <= 15
        async with turns.of(4, 0.0):
            pass

    asyncio.run(work())


def test_a_turn_is_hoped_for_by_those_who_wait_and_how_long_theirs_take() -> None:
    async def work() -> list[bool]:
        now = [0.0]
        turns, found = Turns(4, lambda: now[0]), list[bool]()
        async with turns.of(4, None):
            found.append(turns.comes_within(0))
            waiting = [asyncio.create_task(turns.of(size, None).__aenter__()) for size in (4, 4, 1)]
            await asyncio.sleep(0)
            # A turn takes a tenth of a second, as long as none was seen.
            found += [turns.comes_within(0.2), turns.comes_within(0.23)]
            now[0] = 16.1
        found.append(turns.comes_within(1.0))
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return found

    assert asyncio.run(work()) == [True, False, True, False]


def test_copies_wait_for_no_turn_while_records_do() -> None:
    async def work() -> list[bool]:
        records = Turns(4, time.monotonic)
        copies, found = Turns(4, time.monotonic, after=records), list[bool]()
        async with records.of(4, None):
            found.append(copies.comes_within(0.2))
            waiting = asyncio.create_task(records.of(4, None).__aenter__())
            await asyncio.sleep(0)
            found.append(copies.comes_within(0.2))
        await waiting
        found.append(copies.comes_within(0.2))
        return found

    assert asyncio.run(work()) == [True, False, True]


def test_who_can_hope_for_no_turn_is_sent_away_before_anything_is_computed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, keys, laptop, stranger = Store(address), centre_keys(), Laptop(), Laptop()
    store.migrate()
    laptop.enrol(store, keys)
    laptop.write()
    door, proved = Door(store, keys, in_hand=1), list[str]()
    with served(door.application()) as house:
        client, turns = Client(house, keys, laptop), door._turns
        client.challenge()
        turn = turns.of(1, None)
        house._portal.call(turn.__aenter__)
        waiting = [house._portal.start_task_soon(turns.of(1, None).__aenter__) for _ in range(5)]
        real = http.requests.holds
        monkeypatch.setattr(
            http.requests, "holds", lambda signed, *more: proved.append(signed.device) or real(signed, *more)
        )
        target = f"/v1/incarnations/{laptop.incarnation}/batches"
        for device in (laptop.device, stranger.device):
            status, found = client.ask("POST", target, laptop.sealed(keys, 1), device=device)
            assert (status, found["reason"]) == (429, "busy")
        assert proved == []
        for one in waiting:
            one.cancel()
        house._portal.call(turn.__aexit__, None, None, None)
        assert client.push(1)["answer"] == told.STORED
        assert proved == [laptop.device]
    store.close()


def test_turns_survive_laptops_that_hang_up_at_any_moment() -> None:
    async def work() -> None:
        turns = Turns(8, time.monotonic)

        async def one(at: int) -> None:
            with suppress(TimeoutError):
                async with turns.of(1 + at % 8, (0.001, 0.01, None)[at % 3]):
                    await asyncio.sleep(0.0001 * (at % 7))

        tasks = [asyncio.create_task(one(at)) for at in range(300)]
        for at in itertools.chain(range(0, 300, 5), range(3, 300, 11)):
            await asyncio.sleep(0.0002)
            tasks[at].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with turns.of(8, 0.0):  # all of it is free again
            pass

    asyncio.run(work())


def test_a_door_that_has_too_much_to_do_says_when_to_come_again(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_TURN", 0.01)
    store, keys, laptop = Store(address), centre_keys(), Laptop()
    store.migrate()
    laptop.enrol(store, keys)
    laptop.write(times=3)
    door = Door(store, keys, in_hand=1)
    with served(door.application()) as house:
        client, turn = Client(house, keys, laptop), door._turns.of(1, 1)
        house._portal.call(turn.__aenter__)
        status, found = client.ask("POST", f"/v1/incarnations/{laptop.incarnation}/batches", laptop.sealed(keys, 1))
        assert (status, found["answer"], found["reason"], found["retry_after"]) == (429, told.REFUSED, "busy", 1)
        with store.begin() as connection:
            asked = "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM set_aside)"
            assert connection.exec_driver_sql(asked).scalar() == 0
        # A slow line is never told so after all of its body has come: it waits for its turn.
        monkeypatch.setattr(http, "_SLOW", 0.0)
        house._portal.start_task_soon(turn.__aexit__, None, None, None)
        assert client.push(1)["answer"] == told.STORED
    store.close()


def test_a_desk_that_is_told_to_come_again_does_so_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    busy = {"answer": told.REFUSED, "reason": "busy", "retry_after": 4}
    said = [busy, busy, {"answer": "held"}]
    desk = DeskClient(("http://centre",), bytes(32), "0" * 32, bytes(32), sleep=slept.append)
    monkeypatch.setattr(desk, "_ask", lambda *_: said.pop(0))
    assert desk.ask("GET", "/v1/reference")["answer"] == "held"
    assert len(slept) == 2
    assert all(2 <= one <= 6 for one in slept)
    for strange in (None, True, -3, "soon", 3600):
        said, slept[:] = [busy | {"retry_after": strange}] * 50, []
        assert desk.ask("GET", "/v1/reference")["reason"] == "busy"
        assert not slept
    said = [busy] * 50
    assert desk.ask("GET", "/v1/reference")["reason"] == "busy"
    assert len(slept) == 6
