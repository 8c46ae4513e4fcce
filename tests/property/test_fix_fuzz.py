"""Goal: whatever bytes come, the FIX reader gives a sound history or says what is wrong.

Method: Hypothesis cuts, repeats, swaps and overwrites pieces of real logs, and makes messages of
arbitrary fields; anything but a HistoryError or a sound reading fails the test.
"""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bcsim.checkers.judge import check
from bcsim.errors import HistoryError
from bcsim.history.fix.framing import delimiter_of, frame
from bcsim.history.fix.options import FAIL, SKIP, FixOptions
from bcsim.history.logs.fix import is_fix, read_fix
from bcsim.history.reconciliation import reconcile
from bcsim.history.soundness import problems_of
from tests.fix_intents import intents
from tests.fix_session import FixSession, message
from tests.mutation.fix_matrices import SCENARIOS

LOG = b"".join(FixSession().play(SCENARIOS["B.1.b"].script).logs["client"])
TAGS = ("35", "34", "49", "56", "52", "43", "11", "41", "37", "17", "38", "14", "32", "31",
        "39", "150", "54", "40", "20", "6", "36", "123", "141", "7", "45", "19", "103", "122",
        "108", "9", "10", "8", "0", "99999")  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(["D", "8", "9", "A", "5", "4", "3", "j", "F", "G", "2", "Y", "N", "1", "0"]),
    st.sampled_from(["20261102-09:00:00", "20261102-09:00:00.123456789", "99999999-99:99:99"]),
    st.sampled_from(["1e5", "-1", "1.", ".5", "--", "9" * 30, "0.123456789", "", "1,5"]),
    st.integers(-5, 2**70).map(str),
    st.text(max_size=80).map(lambda text: text.replace("\x01", "")),
)


@st.composite
def broken(draw):
    """A real log with some pieces cut out, repeated or overwritten."""
    data = bytearray(LOG)
    for _ in range(draw(st.integers(0, 6))):
        begin = draw(st.integers(0, len(data)))
        end = min(len(data), begin + draw(st.integers(0, 300)))
        data[begin:end] = draw(
            st.one_of(st.just(b""), st.binary(max_size=40), st.just(bytes(data[begin:end]) * 2))
        )
    delimiter = draw(st.sampled_from([b"\x01", b"|", b"^A"]))
    return bytes(data).replace(b"\x01", delimiter)


@st.composite
def sound(draw):
    """Messages with right lengths and sums, but of any fields in any order."""
    parts = []
    for _ in range(draw(st.integers(1, 8))):
        fields = draw(st.lists(st.tuples(st.sampled_from(TAGS), VALUES), max_size=12))
        body = "".join(f"{tag}={value}\x01" for tag, value in fields)
        text = f"8=FIX.4.4\x019={len(body.encode())}\x01{body}".encode()
        parts.append(text + f"10={sum(text) % 256:03d}\x01\n".encode())
    return b"".join(parts)


def read(folder, data, **options):
    """Read some bytes as a log; True if they are one."""
    path = folder / "fuzz.log"
    path.write_bytes(data)
    is_fix(data[:65_536])
    try:
        reading = read_fix([path], FixOptions(**options))
    except HistoryError:
        return False
    assert problems_of(reading.history.gathered().columns) == []
    check(reconcile([reading, intents({"X": 10_000})]).history)
    return True


@given(broken(), st.sampled_from([SKIP, FAIL]))
@example(LOG, FAIL)
@example(LOG[:-40], SKIP)
@example(b"8=FIX.4.4\x019=", SKIP)
@example(b"8=F", SKIP)
@example(b"", SKIP)
def test_no_bytes_crash_the_reader(tmp_path_factory, data, on_damage):
    """Goal: damage is an error or a note. Method: spoiled real logs, three delimiters."""
    read(tmp_path_factory.mktemp("fuzz"), data, on_damage=on_damage)


@given(sound())
@example(message([("35", "D"), ("52", "20261102-09:00:00")]))
@example(message([("35", "8"), ("34", "1"), ("52", "20261102-09:00:00"), ("38", "9" * 20)]))
def test_no_fields_crash_the_reader(tmp_path_factory, data):
    """Goal: senseless fields prove nothing and break nothing. Method: arbitrary messages."""
    read(tmp_path_factory.mktemp("fuzz"), data)


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_framing(data):
    """Goal: framing takes anything. Method: arbitrary bytes; frames lie within the block."""
    for delimiter in (b"\x01", b"|", delimiter_of(data) or b";"):
        framed = frame(data, delimiter)
        assert (framed.begins < framed.ends).all()
        assert (framed.ends <= len(framed.data)).all()


def test_the_log_itself_is_read(tmp_path):
    """Goal: the fuzz starts from a log that is read. Method: read it without damage."""
    assert read(tmp_path, LOG, on_damage=FAIL)
