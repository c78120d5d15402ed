# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: PLR0913, PLR0917 -- see the docstring
"""Simulated annealing over whole weeks, compiled.

A move exchanges two slots of one class.  Broken rules cost ``HARD`` each, wishes what
they weigh; a move that makes things worse is taken with a chance that falls with the
temperature.  The same seed and the same number of moves give the same week.

The kernel works on plain arrays and frees the interpreter's lock, so two seeds run on
two cores as threads.  Its functions take their arrays one by one, for a bundle
would cost a count of references at each look into it, at a million moves a second.
"""

import numpy as np
from numba import njit

from lms.timetable.solver.tables import (
    DAY,
    DOUBLES,
    FREE_DAY,
    GAP,
    LESSONS,
    MAX_RUN,
    POOL,
    SINGLE,
    SPREAD,
    SPREAD_WISH,
    TEACHER,
    WORKED_FREE_DAY,
    Numbers,
    Tables,
    Week,
)

HARD = 25
_PAIR = 2
_COOL_EVERY = 1000
_CHANCES = 1 << 20
_compiled = njit(cache=True, nogil=True, error_model="numpy")


# fmt: off
def anneal(
    tables: Tables,
    week: Week,
    heat: tuple[float, float],
    moves: int,
    keep: tuple[Numbers, int] | None = None,
) -> tuple[Numbers, int]:
    """Move *week* on; return the best grid met on the way, and its cost.

    *heat* is the temperature at the first and at the last move.  *keep* is a grid to
    stay near, and what each lesson costs that stands elsewhere.
    """
    best = week.grid.copy()
    anchor, moved = keep or (week.grid.copy(), 0)
    cost = _anneal(week.grid, best, week.rng, heat, moves, anchor, moved, *tables)
    return best, int(cost)


@_compiled
def _random(rng, below):
    """Return a number from 0 to *below* - 1 (xorshift64, the upper 31 bits)."""
    x = np.uint64(rng[0])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    rng[0] = np.int64(x)
    return np.int64(x >> np.uint64(33)) * below >> 31


@_compiled
def _teacher_day(occupied, teachers, weights, periods, teacher, day):
    """Cost of one teacher's day: clashes, rows too long, gaps, and days for little."""
    first, last, lessons, run, longest, cost = -1, -1, 0, 0, 0, 0
    for period in range(periods):
        held = occupied[teacher, day * periods + period]
        if held == 0:
            run = 0
            continue
        cost += HARD * (held - 1)
        lessons += 1
        run += 1
        longest = max(longest, run)
        if first < 0:
            first = period
        last = period
    if lessons == 0:
        return 0
    cost += weights[GAP] * (last - first + 1 - lessons) + weights[DAY]
    if lessons == 1:
        cost += weights[SINGLE]
    if day == teachers[teacher, FREE_DAY]:
        cost += weights[WORKED_FREE_DAY]
    if longest > teachers[teacher, MAX_RUN]:
        cost += HARD
    return cost


@_compiled
def _teacher_days(occupied, teachers, weights, periods, teacher, d1, d2):
    cost = _teacher_day(occupied, teachers, weights, periods, teacher, d1)
    if d2 != d1:
        cost += _teacher_day(occupied, teachers, weights, periods, teacher, d2)
    return cost


@_compiled
def _course(where, courses, weights, breaks, periods, course):  # noqa: C901
    """Cost of how one course lies over the days."""
    lessons, doubles = courses[course, LESSONS], courses[course, DOUBLES]
    cost, pairs, days = 0, 0, 0
    for i in range(lessons):
        slot = where[course, i]
        day = slot // periods
        if days >> day & 1:
            continue
        days |= 1 << day
        count, other = 1, -1
        for j in range(i + 1, lessons):
            if where[course, j] // periods == day:
                count += 1
                other = where[course, j]
        if count == _PAIR:
            pairs += 1
            early = min(slot, other)
            if doubles == 0 or abs(slot - other) != 1 or breaks[early % periods]:
                cost += HARD
        elif count > _PAIR:
            cost += HARD * (count - _PAIR)
    if doubles > 0:
        cost += HARD * abs(doubles - pairs)
    if courses[course, SPREAD]:
        following = days & (days >> 1)
        while following:
            cost += weights[SPREAD_WISH]
            following &= following - 1
    return cost


@_compiled
def _class_day(grid, row, day, periods):
    """One broken rule where the day has a gap or begins late."""
    empty = False
    for period in range(periods):
        if grid[row, day * periods + period] < 0:
            empty = True
        elif empty:
            return HARD
    return 0


@_compiled
def _rooms(used, capacity, pool, slot):
    return HARD * max(0, used[pool, slot] - capacity[pool])


@_compiled
def _around(  # noqa: C901
    row, a, b, s1, s2, grid, where, occupied, used, periods, no_gap, courses, teachers,
    unfit, capacity, breaks, weights,
):
    """Cost of all that an exchange of the courses *a* and *b* can change."""
    d1, d2 = s1 // periods, s2 // periods
    cost, teacher, pool = 0, -1, -1
    if a >= 0:
        teacher, pool = courses[a, TEACHER], courses[a, POOL]
        cost += _course(where, courses, weights, breaks, periods, a)
        cost += _teacher_days(occupied, teachers, weights, periods, teacher, d1, d2)
        if pool >= 0:
            cost += _rooms(used, capacity, pool, s1) + _rooms(used, capacity, pool, s2)
    if b >= 0:
        cost += _course(where, courses, weights, breaks, periods, b)
        other, room = courses[b, TEACHER], courses[b, POOL]
        if other != teacher:
            cost += _teacher_days(occupied, teachers, weights, periods, other, d1, d2)
        if room >= 0 and room != pool:
            cost += _rooms(used, capacity, room, s1) + _rooms(used, capacity, room, s2)
    if grid[row, s1] >= 0:
        cost += HARD * unfit[grid[row, s1], s1]
    if grid[row, s2] >= 0:
        cost += HARD * unfit[grid[row, s2], s2]
    if no_gap and (a < 0 or b < 0):
        cost += _class_day(grid, row, d1, periods)
        if d2 != d1:
            cost += _class_day(grid, row, d2, periods)
    return cost


@_compiled
def _shift(occupied, used, courses, course, left, entered):
    """Count a lesson out of the one slot and into the other."""
    occupied[courses[course, TEACHER], left] -= 1
    occupied[courses[course, TEACHER], entered] += 1
    if courses[course, POOL] >= 0:
        used[courses[course, POOL], left] -= 1
        used[courses[course, POOL], entered] += 1


@_compiled
def _exchange(row, s1, s2, grid, at, where, occupied, used, courses):
    a, b = grid[row, s1], grid[row, s2]
    i, j = at[row, s1], at[row, s2]
    grid[row, s1], grid[row, s2] = b, a
    at[row, s1], at[row, s2] = j, i
    if a >= 0:
        where[a, i] = s2
        _shift(occupied, used, courses, a, s1, s2)
    if b >= 0:
        where[b, j] = s1
        _shift(occupied, used, courses, b, s2, s1)


@_compiled
def _lay_out(grid, at, where, occupied, used, courses):
    """Count from the grid who is busy when."""
    placed = np.zeros(courses.shape[0], dtype=np.int64)
    for row in range(grid.shape[0]):
        for slot in range(grid.shape[1]):
            course = grid[row, slot]
            if course < 0:
                continue
            at[row, slot] = placed[course]
            where[course, placed[course]] = slot
            placed[course] += 1
            occupied[courses[course, TEACHER], slot] += 1
            if courses[course, POOL] >= 0:
                used[courses[course, POOL], slot] += 1


@_compiled
def _total(  # noqa: C901
    grid, where, occupied, used, periods, no_gap, courses, teachers, unfit, capacity,
    breaks, weights,
):
    cost = 0
    for course in range(courses.shape[0]):
        cost += _course(where, courses, weights, breaks, periods, course)
    for day in range(grid.shape[1] // periods):
        for teacher in range(teachers.shape[0]):
            cost += _teacher_day(occupied, teachers, weights, periods, teacher, day)
        for row in range(grid.shape[0]):
            cost += no_gap * _class_day(grid, row, day, periods)
    for slot in range(grid.shape[1]):
        for row in range(grid.shape[0]):
            if grid[row, slot] >= 0:
                cost += HARD * unfit[grid[row, slot], slot]
        for pool in range(capacity.shape[0]):
            cost += _rooms(used, capacity, pool, slot)
    return cost


@_compiled
def _anneal(
    grid, best, rng, heat, moves, anchor, moved, periods, no_gap, courses, teachers,
    unfit, capacity, breaks, weights, movable,
):
    """Make *moves* moves in *grid*; leave the best one in *best*, return its cost."""
    classes, slots = grid.shape
    at = np.full(grid.shape, -1, dtype=np.int64)
    most = max(1, courses[:, LESSONS].max())
    where = np.full((courses.shape[0], most), -1, dtype=np.int64)
    occupied = np.zeros((teachers.shape[0], slots), dtype=np.int64)
    used = np.zeros((capacity.shape[0], slots), dtype=np.int64)
    _lay_out(grid, at, where, occupied, used, courses)
    cost = moved * np.sum(grid != anchor) + _total(
        grid, where, occupied, used, periods, no_gap, courses, teachers, unfit,
        capacity, breaks, weights,
    )
    best[:] = grid
    least = cost
    warmth, cooling = heat[0], (heat[1] / heat[0]) ** (_COOL_EVERY / max(1, moves))
    for move in range(moves):
        if move % _COOL_EVERY == _COOL_EVERY - 1:
            warmth *= cooling
        row = _random(rng, classes)
        s1, s2 = _random(rng, slots), _random(rng, slots)
        a, b = grid[row, s1], grid[row, s2]
        if a == b or movable[row, s1] == 0 or movable[row, s2] == 0:
            continue
        change = -_around(
            row, a, b, s1, s2, grid, where, occupied, used, periods, no_gap, courses,
            teachers, unfit, capacity, breaks, weights,
        )
        _exchange(row, s1, s2, grid, at, where, occupied, used, courses)
        change += _around(
            row, a, b, s1, s2, grid, where, occupied, used, periods, no_gap, courses,
            teachers, unfit, capacity, breaks, weights,
        )
        if moved > 0:
            home1, home2 = anchor[row, s1], anchor[row, s2]
            left = (home1 == a) + (home2 == b)
            change += moved * (left - (home1 == b) - (home2 == a))
        chance = (_random(rng, _CHANCES) + 0.5) / _CHANCES
        if change > 0 and chance >= np.exp(-change / warmth):
            _exchange(row, s1, s2, grid, at, where, occupied, used, courses)
            continue
        cost += change
        if cost < least:
            least = cost
            best[:] = grid
    return least
