"""Waiting for the disk together: nobody returns before a wait that began after them has ended."""

import threading

import pytest

from comments.write_lock import SharedWait


class Disk:
    """A disk that counts its waits and holds each until it is let go; it may be broken."""

    def __init__(self):
        self.begun = []
        self.go_on = threading.Semaphore(0)
        self.has_begun = threading.Semaphore(0)
        self.faults = 0

    def wait(self, name):
        self.begun.append(name)
        self.has_begun.release()
        assert self.go_on.acquire(timeout=10)
        if self.faults:
            self.faults -= 1
            raise OSError("broken")


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def shared(disk):
    return SharedWait(disk.wait)


def ask(shared, count):
    """Ask in so many threads; return them and what came of each as it comes."""
    came = []

    def one():
        try:
            shared("log")
            came.append("done")
        except OSError:
            came.append("fault")

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, came


def all_wait(shared, count):
    """Wait until so many threads stand behind the one that waits for the disk."""
    while len(shared.changed._waiters) < count:
        pass


def test_those_who_ask_meanwhile_share_the_next_wait(disk, shared):
    first, came_first = ask(shared, 1)
    assert disk.has_begun.acquire(timeout=10)
    others, came_others = ask(shared, 5)
    all_wait(shared, 5)

    disk.go_on.release()
    first[0].join(10)
    assert disk.has_begun.acquire(timeout=10)
    # The wait that had begun before them was not theirs.
    assert (came_first, came_others) == (["done"], [])
    disk.go_on.release()
    for thread in others:
        thread.join(10)

    assert came_others == ["done"] * 5
    assert len(disk.begun) == 2


def test_each_waits_alone_where_nobody_else_does(disk, shared):
    for _ in range(3):
        disk.go_on.release()
        shared("log")
    assert len(disk.begun) == 3


def test_wait_that_failed_is_tried_again_by_all_who_shared_it(disk, shared):
    first, came_first = ask(shared, 1)
    assert disk.has_begun.acquire(timeout=10)
    others, came_others = ask(shared, 3)
    all_wait(shared, 3)
    disk.go_on.release()
    first[0].join(10)
    disk.faults = 1
    for _ in range(3):
        disk.go_on.release()
    for thread in others:
        thread.join(10)

    assert came_first == ["done"]
    assert sorted(came_others) == ["done", "done", "fault"]
