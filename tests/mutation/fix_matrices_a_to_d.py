"""Order state change matrices of FIX 4.4, groups A to D: fills, cancels, replaces, chains."""

from __future__ import annotations

from tests.mutation.fix_scenario import (
    ACCEPTED,
    CANCELLED,
    EXPIRED,
    OK,
    Scenario,
    cancel,
    lines,
    new,
    refused,
    replace,
    report,
    trade,
)

FILLS_CANCELS_REPLACES: dict[str, Scenario] = {
    "A.1.a": Scenario(
        "filled order",
        lines(
            ACCEPTED, trade("e1", 2000, 2000), trade("e2", 1000, 3000), trade("e3", 7000, 10_000)
        ),
        {"X": OK},
    ),
    "A.1.b": Scenario(
        "part-filled day order, done for day",
        lines(ACCEPTED, trade("e1", 2000, 2000), trade("e2", 1000, 3000), report("3", "3", 3000)),
        {"X": EXPIRED},
    ),
    "B.1.a": Scenario(
        "cancel of a zero-filled order",
        lines(
            ACCEPTED,
            cancel(),
            report("6", "6", 0, order="Y", orig="X"),
            report("4", "4", 0, order="Y", orig="X"),
        ),
        {"X": CANCELLED},
    ),
    "B.1.b": Scenario(
        "cancel of a part-filled order, executions while the cancel is active",
        lines(
            ACCEPTED,
            trade("e1", 2000, 2000),
            cancel(),
            trade("e2", 3000, 5000),
            report("6", "6", 5000, order="Y", orig="X"),
            trade("e3", 1000, 6000, status="6"),
            report("4", "4", 6000, order="Y", orig="X"),
        ),
        {"X": CANCELLED},
    ),
    "B.1.c": Scenario(
        "filled before the cancel could be accepted",
        lines(
            ACCEPTED,
            trade("e1", 2000, 2000),
            cancel(),
            trade("e2", 3000, 5000),
            report("6", "6", 5000, order="Y", orig="X"),
            trade("e3", 5000, 10_000, status="6"),
            refused("1", "2"),
        ),
        {"X": OK},
    ),
    "B.1.d": Scenario(
        "cancel of an order that has not yet been acknowledged",
        lines(
            new(),
            cancel(),
            report("6", "6", 0, order="Y", orig="X"),
            report("0", "6", 0),
            report("4", "4", 0, order="Y", orig="X"),
        ),
        {"X": CANCELLED},
    ),
    "B.1.e": Scenario(
        "acknowledgement and cancel cross",
        lines(
            new(),
            cancel(),
            report("0", "0", 0),
            report("6", "6", 0, order="Y", orig="X"),
            report("4", "4", 0, order="Y", orig="X"),
        ),
        {"X": CANCELLED},
    ),
    "B.1.f": Scenario(
        "cancel of an unknown order",
        lines(
            ACCEPTED, trade("e1", 10_000, 10_000), cancel("Z", "Q"), refused("1", "8", "Z", "Q", 1)
        ),
        {"X": OK, "Q": "indeterminate"},
    ),
    "C.1.a": Scenario(
        "zero-filled order, replace increases the quantity",
        lines(
            ACCEPTED,
            replace("Y", "X", 11_000),
            report("E", "E", 0, order="Y", orig="X"),
            report("5", "0", 0, 11_000, "Y", "X"),
            trade("e1", 1000, 1000, 11_000, "Y"),
            trade("e2", 10_000, 11_000, 11_000, "Y"),
        ),
        {"X": OK},
    ),
    "C.1.b": Scenario(
        "part-filled order, replace increases the quantity, execution while it is pending",
        lines(
            ACCEPTED,
            trade("e1", 1000, 1000),
            replace("Y", "X", 12_000),
            report("E", "E", 1000, order="Y", orig="X"),
            trade("e2", 100, 1100, status="E"),
            report("5", "1", 1100, 12_000, "Y", "X"),
            trade("e3", 10_900, 12_000, 12_000, "Y"),
        ),
        {"X": OK},
    ),
    "C.1.c": Scenario(
        "filled order, replace increases the quantity",
        lines(
            ACCEPTED,
            trade("e1", 10_000, 10_000),
            replace("Y", "X", 12_000),
            report("E", "E", 10_000, order="Y", orig="X"),
            report("5", "1", 10_000, 12_000, "Y", "X"),
            trade("e2", 2000, 12_000, 12_000, "Y"),
        ),
        {"X": OK},
    ),
    "C.2.a": Scenario(
        "replace of the price is refused because the order was filled",
        lines(
            ACCEPTED,
            trade("e1", 1000, 1000),
            replace("Y", "X", 10_000, 11),
            report("E", "E", 1000, order="Y", orig="X"),
            trade("e2", 9000, 10_000, status="E"),
            refused("2", "2"),
        ),
        {"X": OK},
    ),
    "C.3.a": Scenario(
        "replace decreases the quantity, which stays above what is executed",
        lines(
            ACCEPTED,
            replace("Y", "X", 8000),
            report("E", "E", 0, order="Y", orig="X"),
            trade("e1", 1000, 1000, status="E"),
            report("5", "1", 1000, 8000, "Y", "X"),
            trade("e2", 7000, 8000, 8000, "Y"),
        ),
        {"X": OK},
    ),
    "C.3.b": Scenario(
        "replace decreases the quantity to what was executed meanwhile",
        lines(
            ACCEPTED,
            replace("Y", "X", 7000),
            report("E", "E", 0, order="Y", orig="X"),
            trade("e1", 7000, 7000, status="E"),
            report("5", "2", 7000, 7000, "Y", "X"),
        ),
        {"X": OK},
    ),
    "C.3.c": Scenario(
        "replace below what was executed meanwhile is amended to that",
        lines(
            ACCEPTED,
            replace("Y", "X", 7000),
            report("E", "E", 0, order="Y", orig="X"),
            trade("e1", 8000, 8000, status="E"),
            report("5", "2", 8000, 8000, "Y", "X"),
        ),
        {"X": OK},
    ),
    "D.1.a": Scenario(
        "one replace is accepted, then another",
        lines(
            ACCEPTED,
            replace("Y", "X", 8000),
            report("5", "0", 0, 8000, "Y", "X"),
            trade("e1", 1000, 1000, 8000, "Y"),
            replace("Z", "Y", 6000),
            report("E", "E", 1000, 8000, "Z", "Y"),
            report("5", "1", 1000, 6000, "Z", "Y"),
            trade("e2", 5000, 6000, 6000, "Z"),
        ),
        {"X": OK},
    ),
    "D.1.b": Scenario(
        "one replace is refused, then another accepted",
        lines(
            ACCEPTED,
            replace("Y", "X", 8000),
            refused("2", "0"),
            replace("Z", "X", 6000),
            report("5", "0", 0, 6000, "Z", "X"),
            trade("e1", 6000, 6000, 6000, "Z"),
        ),
        {"X": OK},
    ),
    "D.1.c": Scenario(
        "two replaces are refused, one after the other",
        lines(
            ACCEPTED,
            replace("Y", "X", 8000),
            refused("2", "0"),
            replace("Z", "X", 6000),
            refused("2", "0", "Z"),
            trade("e1", 10_000, 10_000),
        ),
        {"X": OK},
    ),
    "D.2.a": Scenario(
        "two replaces in a chain, both accepted",
        lines(
            ACCEPTED,
            replace("Y", "X", 8000),
            replace("Z", "Y", 7000),
            report("5", "0", 0, 8000, "Y", "X"),
            report("5", "0", 0, 7000, "Z", "Y"),
            trade("e1", 7000, 7000, 7000, "Z"),
        ),
        {"X": OK},
    ),
    "D.2.b": Scenario(
        "two replaces in a chain, the first refused and so the second",
        lines(
            ACCEPTED,
            replace("Y", "X", 8000),
            replace("Z", "Y", 7000),
            refused("2", "0"),
            refused("2", "0", "Z", "Y"),
            trade("e1", 10_000, 10_000),
        ),
        {"X": OK},
    ),
    "D.2.c": Scenario(
        "a replace and a cancel in a chain, both accepted",
        lines(
            ACCEPTED,
            replace("Y", "X", 8000),
            cancel("Z", "Y"),
            report("5", "0", 0, 8000, "Y", "X"),
            report("4", "4", 0, 8000, "Z", "Y"),
        ),
        {"X": CANCELLED},
    ),
    "D.2.d": Scenario(
        "two replaces in a chain, the first accepted, the second refused",
        lines(
            ACCEPTED,
            replace("Y", "X", 8000),
            replace("Z", "Y", 7000),
            report("5", "0", 0, 8000, "Y", "X"),
            trade("e1", 8000, 8000, 8000, "Y"),
            refused("2", "2", "Z", "Y"),
        ),
        {"X": OK},
    ),
}
