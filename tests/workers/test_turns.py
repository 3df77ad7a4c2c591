"""Who is next: clients take turns, and long questions give way."""

from __future__ import annotations

import pytest

from checker.workers.turns import QueueFull, Turn, Turns


def started(turns: Turns) -> list[Turn]:
    """Return the questions whose turns begin now."""
    return [*iter(turns.start, None)]


def test_clients_take_turns() -> None:
    turns = Turns(1)
    for client in "AAAABBC":
        turns.add(Turn(client))
    order = ""
    while begun := started(turns):
        (turn,) = begun
        order += turn.client
        turns.end(turn)
    assert order == "ABCABAA"


def test_who_asks_again_at_once_is_no_new_client() -> None:
    turns = Turns(1)
    for client in "AABBB":
        turns.add(Turn(client))
    order = ""
    for _ in range(6):
        (turn,) = started(turns)
        order += turn.client
        turns.end(turn)
        if turn.client == "A":
            turns.add(Turn("A"))
    assert order == "ABABAB"


def test_a_long_question_gives_way_and_new_ones_come_before_it() -> None:
    turns = Turns(1)
    long, first, second = Turn("A"), Turn("B"), Turn("C")
    turns.add(long)
    assert started(turns) == [long]
    turns.add(first)
    assert started(turns) == turns.giving_way() == []
    long.spent = True
    assert turns.giving_way() == [long]
    turns.again(long)
    turns.add(second)
    assert long.slice == 2 * first.slice
    for turn in (first, second, long):
        assert started(turns) == [turn]
        turns.end(turn)


def test_a_long_question_that_nobody_waits_for_goes_on() -> None:
    turns = Turns(2)
    both = [Turn("A"), Turn("A")]
    for turn in both:
        turns.add(turn)
        turn.slice *= 4
    assert started(turns) == both
    for turn in both:
        turn.spent = True
    assert turns.giving_way() == []
    turns.add(Turn("B"))
    assert [turn.client for turn in started(turns)] == ["B"]  # one more than two


@pytest.mark.parametrize("most", [1, 2, 3])
def test_long_questions_keep_no_new_one_waiting(most: int) -> None:
    turns = Turns(most)
    for client in "AABBCC":
        long = Turn(client)
        turns.add(long)
        turns.again(long)
    assert len(started(turns)) == most
    for client in "DEF":
        new = Turn(client)
        turns.add(new)
        assert started(turns) == [new]
        turns.end(new)
    assert started(turns) == []


def test_where_too_many_wait_those_of_the_greedy_client_are_turned_away() -> None:
    turns = Turns(1, 4)
    greedy = [Turn("A") for _ in range(5)]
    for turn in greedy:
        assert turns.add(turn) is None
        started(turns)
    with pytest.raises(QueueFull):
        turns.add(Turn("A"))
    assert turns.add(Turn("B")) is greedy[-1]
    assert turns.add(Turn("C")) is greedy[-2]
    assert [turn.client for turn in turns.waiting] == ["A", "A", "B", "C"]
