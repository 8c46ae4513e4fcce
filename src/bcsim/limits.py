"""Every bound in bcsim, with its reason. Related bounds are asserted at the end.

Times are nanoseconds, sizes are bytes, the rest are counts.
"""

from __future__ import annotations

from typing import Final

# -- input files ---------------------------------------------------------------------------
FILE_BYTES_MAX: Final = 16 * 1024 * 1024
"""Largest model, scenario or architecture file; the largest seen in the wild is 60 kB."""

YAML_NODES_MAX: Final = 200_000
"""Nodes of a YAML document after aliases are followed; stops alias bombs in half a second."""

YAML_DEPTH_MAX: Final = 64
"""Nesting of a YAML or JSON document; a model needs about ten levels."""

ALIASES_MAX: Final = 100
"""Aliases in one YAML document; people use a handful."""

INCLUDES_MAX: Final = 64
"""Files that one model may include; a large firm's model has a file a department."""

ARCHITECTURE_FILES_MAX: Final = 1_000
"""Files beside an imported architecture that its references are looked for in."""

PROBLEMS_SHOWN_MAX: Final = 100
"""Problems printed for one run of ``validate``; more than this are counted, not printed."""

# -- model ---------------------------------------------------------------------------------
COMPONENTS_MAX: Final = 10_000
"""Components of one model; minimal cut sets of order 3 stay feasible far below this."""

STEPS_MAX: Final = 64
"""Steps of one journey; a draw's address keeps 6 bits for the step."""

LEGS_MAX: Final = 16
"""Legs of one step; a draw's address keeps 4 bits for the leg."""

ATTEMPTS_MAX: Final = 4096
"""Attempts at one leg, resends included; a draw's address keeps 12 bits."""

SUBDRAWS_MAX: Final = 1024
"""Draws at one address (an Erlang sum, fills of an order); an address keeps 10 bits."""

CUT_SET_ORDER_MAX: Final = 3
"""Largest minimal cut set that ``bcsim map`` looks for."""

CUT_SETS_MAX: Final = 4_000_000
"""Pairs of cut sets joined at one node of a fault tree; takes some seconds and 500 MB."""

# -- runs ----------------------------------------------------------------------------------
TIME_NS_MAX: Final = 2**62
"""Latest time of any event, about 146 years; sums of two times stay inside an int64."""

ORDERS_MAX: Final = 2**31 - 1
"""Orders of one source in one run; an order's index keeps 32 bits of a draw's address."""

PASSES_MAX: Final = 64
"""Passes that settle signals between the order layer and the plan; beyond: unknown."""

SEED_MAX: Final = 2**63 - 1
"""Largest root seed; fits an int64 of the blueprint's arrays."""

LOAD_MAX: Final = 1000
"""Largest factor on arrivals; beyond it a surge tests the machine, not the firm."""

RETRIES_MAX: Final = 1000
"""Retries of one step that a model may ask for."""

INSTANT_RUNS_MAX: Final = 100
"""Runs of a plan's action in one instant; actions that start each other for ever stop here."""

AFTERMATH_NS: Final = 366 * 24 * 3600 * 10**9
"""How long the aftermath of a day is watched; by then a yearly audit has come round."""

# -- history -------------------------------------------------------------------------------
CHUNK_ROWS: Final = 65_536
"""Rows of a history's chunk: one leaf of its root and the unit of streaming to disk."""

LOG_LINE_BYTES_MAX: Final = 1024 * 1024
"""Longest line of a log; a longer one is reported, not read."""

SPILL_MEMORY_BYTES: Final = 128 * 1024 * 1024
"""What a reader of logs keeps in memory before it puts rows aside on disk; logs of half a million
FIX messages stay in memory."""

SHARE_ROWS: Final = 524_288
"""Messages of logs that are judged together, when they are judged in shares: the judging of one
takes about 0.7 kB each."""

CLOCK_SAMPLES_MAX: Final = 250_000
"""Messages of a log by which clocks are compared; of more, those with the smallest hashes, which
are the same ones in the log of the other end. Far more make no estimate narrower."""

OVERNIGHT_NS: Final = 4 * 3_600_000_000_000
"""Time between two reports from which on they are of two trading days: no shorter than the
breaks between the sessions of one day, no longer than nights."""

SHEET_BYTES_MAX: Final = 2 * 1024 * 1024 * 1024
"""Unpacked XML of one part of a workbook; a full sheet of a million rows has about 1 GB."""

OCEL_BYTES_MAX: Final = 1024 * 1024 * 1024
"""Largest object-centric log in JSON or XML; the published ones have some megabytes."""

PSEUDONYM_KEY_BYTES_MIN: Final = 16
"""Shortest key of pseudonyms; below 128 bits somebody could try them all."""

PROOFS_MAX: Final = 20
"""Proofs written out for one class of findings; the rest are made on demand."""

assert STEPS_MAX * LEGS_MAX * ATTEMPTS_MAX * SUBDRAWS_MAX <= 2**32, "a draw's address has 32 bits"
assert RETRIES_MAX < ATTEMPTS_MAX, "every retry needs an attempt number"
