"""Records of the arena: taken, given back, linked to lists."""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.compiled import Arena, compiled


@compiled
def block(m: Arena, size: int) -> int:
    """Take words that are never given back: tables, heaps; address of the first, all 0."""
    found = m[r.TOP]
    assert found + size <= m[r.END], "the arena is full"
    m[r.TOP] = found + size
    for word in range(found, found + size):
        m[word] = 0
    return found


@compiled
def take(m: Arena, kind: int, size: int) -> int:
    """Take a record of a type, an unused one if there is one; all its words are 0."""
    found = m[r.FREE + kind]
    if found == r.NOBODY:
        return block(m, size)
    m[r.FREE + kind] = m[found]
    for word in range(found, found + size):
        m[word] = 0
    return found


@compiled
def give(m: Arena, kind: int, record: int) -> None:
    """Give a record back."""
    m[record] = m[r.FREE + kind]
    m[r.FREE + kind] = record


@compiled
def serial(m: Arena) -> int:
    """Next number of a run: never used before, so nothing old can match it."""
    m[r.SERIAL] += 1
    return m[r.SERIAL]


@compiled
def append(m: Arena, head: int, record: int, prev: int) -> None:
    """Put a record at the end of a list.

    ``head`` is the address of the list's head, with the tail behind it; ``prev`` is the field
    of the record that links back, with the link forth behind it.
    """
    last = m[head + 1]
    m[record + prev] = last
    m[record + prev + 1] = 0
    if last:
        m[last + prev + 1] = record
    else:
        m[head] = record
    m[head + 1] = record


@compiled
def prepend(m: Arena, head: int, record: int, prev: int) -> None:
    """Put a record at the beginning of a list."""
    first = m[head]
    m[record + prev] = 0
    m[record + prev + 1] = first
    if first:
        m[first + prev] = record
    else:
        m[head + 1] = record
    m[head] = record


@compiled
def unlink(m: Arena, head: int, record: int, prev: int) -> None:
    """Take a record out of a list."""
    before, after = m[record + prev], m[record + prev + 1]
    if before:
        m[before + prev + 1] = after
    else:
        m[head] = after
    if after:
        m[after + prev] = before
    else:
        m[head + 1] = before
    m[record + prev] = 0
    m[record + prev + 1] = 0


@compiled
def length(m: Arena, first: int, link: int) -> int:
    """Number of the records of a list, from its first one on."""
    count = 0
    record = first
    while record:
        count += 1
        record = m[record + link]
    return count


@compiled
def push_node(m: Arena, head: int, kind: int, a: int, b: int, c: int, d: int, e: int) -> None:
    """Put a small node at the end of a list that is only ever emptied from its head."""
    node = take(m, r.TYPE_NODE, r.NODE_SIZE)
    m[node + r.NODE_KIND] = kind
    m[node + r.NODE_A] = a
    m[node + r.NODE_B] = b
    m[node + r.NODE_C] = c
    m[node + r.NODE_D] = d
    m[node + r.NODE_E] = e
    if m[head + 1]:
        m[m[head + 1] + r.NODE_NEXT] = node
    else:
        m[head] = node
    m[head + 1] = node


@compiled
def pop_node(m: Arena, head: int) -> int:
    """Take the first node of a list; its words stay until the next one is taken."""
    node = m[head]
    m[head] = m[node + r.NODE_NEXT]
    if m[head] == r.NOBODY:
        m[head + 1] = 0
    return node


@compiled
def scratch(m: Arena, words: int) -> int:
    """Room for some words that nobody else uses until this is called again."""
    if m[r.SCRATCH_ROOM] < words:
        room = max(2 * m[r.SCRATCH_ROOM], words)
        m[r.SCRATCH] = block(m, room)
        m[r.SCRATCH_ROOM] = room
    return m[r.SCRATCH]


@compiled
def sort_triples(m: Arena, start: int, count: int) -> None:
    """Sort triples (major, minor, payload) that lie one after the other; a heapsort in place."""
    for root in range(count // 2 - 1, -1, -1):
        _sift_down(m, start, root, count)
    for last in range(count - 1, 0, -1):
        _swap(m, start, start + 3 * last)
        _sift_down(m, start, 0, last)


@compiled
def _sift_down(m: Arena, start: int, root: int, count: int) -> None:
    while True:
        child = 2 * root + 1
        if child >= count:
            return
        if child + 1 < count and _is_less(m, start + 3 * child, start + 3 * child + 3):
            child += 1
        if not _is_less(m, start + 3 * root, start + 3 * child):
            return
        _swap(m, start + 3 * root, start + 3 * child)
        root = child


@compiled
def _is_less(m: Arena, one: int, other: int) -> bool:
    if m[one] != m[other]:
        return m[one] < m[other]
    return m[one + 1] < m[other + 1]


@compiled
def _swap(m: Arena, one: int, other: int) -> None:
    for word in range(3):
        m[one + word], m[other + word] = m[other + word], m[one + word]
