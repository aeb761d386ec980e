"""Long work: two pieces at once, said how far, stopped when asked, an error as a sentence."""

from __future__ import annotations

import threading
import time

import pytest

from nightdose.errors import CallError
from nightdose.keeping.jobs import UNEXPECTED, Jobs

SOON = 20.0  # seconds until a test gives up; nothing waits for them where it works


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.close()


def over(jobs, number):
    """The job once it is over."""
    jobs.wait(number, SOON)
    return jobs.look(number)


def test_the_result_comes_back_and_the_way_is_told(jobs):
    def work(progress):
        progress(3, 10)
        return 42

    done = over(jobs, jobs.start("certificate", work))
    assert (done.state, done.result, done.done, done.total) == ("done", 42, 3, 10)


def test_two_run_at_once_and_the_third_waits(jobs):
    go, began = threading.Event(), threading.Semaphore(0)

    def work(progress):
        began.release()
        assert go.wait(SOON)

    numbers = [jobs.start("power", work) for _ in range(3)]
    assert began.acquire(timeout=SOON)
    assert began.acquire(timeout=SOON)
    assert [jobs.look(number).state for number in numbers] == ["running", "running", "waiting"]
    go.set()
    assert all(over(jobs, number).state == "done" for number in numbers)


def test_a_job_is_stopped_at_its_next_step(jobs):
    began, go = threading.Event(), threading.Event()

    def work(progress):
        began.set()
        assert go.wait(SOON)
        progress(1, 2)
        raise AssertionError("it went on")

    number = jobs.start("certificate", work)
    assert began.wait(SOON)
    jobs.stop(number)
    go.set()
    assert over(jobs, number).state == "stopped"


def test_what_waits_never_begins_once_it_is_stopped(jobs):
    go, ran = threading.Event(), []
    first = [jobs.start("busy", lambda progress: go.wait(SOON)) for _ in range(2)]
    third = jobs.start("late", lambda progress: ran.append(1))
    jobs.stop(third)
    go.set()
    assert over(jobs, third).state == "stopped"
    assert [over(jobs, number).state for number in first] == ["done", "done"]
    assert ran == []


def test_an_error_is_its_sentence(jobs):
    def work(progress):
        raise CallError("This column is not there.")

    failed = over(jobs, jobs.start("import", work))
    assert (failed.state, failed.sentence) == ("failed", "This column is not there.")


def test_an_error_nobody_expected_says_nothing_of_the_inside(jobs):
    def work(progress):
        raise RuntimeError("secret inside")

    failed = over(jobs, jobs.start("import", work))
    assert (failed.state, failed.sentence) == ("failed", UNEXPECTED)


def test_a_job_nobody_knows_is_one_sentence(jobs):
    with pytest.raises(CallError, match="not known"):
        jobs.look(99)


def test_locking_stops_what_runs_and_forgets_what_was_made():
    jobs = Jobs()
    done = jobs.start("quick", lambda progress: "an answer")
    jobs.wait(done, 10)
    running = jobs.start("long", lambda progress: [progress(i, 10**9) or time.sleep(0.001) for i in range(10**9)])
    jobs.stop_all()
    assert jobs.wait(running, 10).state == "stopped"
    with pytest.raises(CallError):
        jobs.look(done)
    jobs.close()
