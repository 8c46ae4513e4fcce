"""Where everything stands in the arena: the kernel's records, field by field.

The whole state of a run is one array of 64-bit integers, the *arena* ``m``. A record is a few
words in a row; its address is the position of its first word, and a field is read as
``m[job + JOB_TURN]``. Address 0 is nobody. Records of one type are reused among themselves, so
an event that outlives its record finds another of the same type, whose serial number differs.

Why not one array a field: a function that touches everything would be called with hundreds of
arguments (docs/decisions/0010-one-arena.md).

Naming: what the reference engine calls ``pursuit.is_over`` is ``m[pursuit + PURSUIT_OVER]``.
``*_NEXT`` and ``*_PREV`` link records to lists; a list's head and tail are 0 when it is empty.
"""

from __future__ import annotations

from typing import Final

NULL: Final = -(1 << 63)
"""Null of a column of the history, and of a price."""

NEVER: Final = (1 << 62) + (1 << 61)
"""Later than any time of a run."""

# -- the head of the arena ---------------------------------------------------------------------
(
    NOBODY,
    NOW,
    SERIAL,
    TOP,
    END,
    HEAP,
    HEAP_COUNT,
    HEAP_ROOM,
    FRONT,
    FRONT_NS,
    ROWS,
    ROW_COUNT,
    ROW_ROOM,
    ROW_SCRATCH,
    KEPT_KINDS,
    IS_FULL_TRACE,
    URGENT_HEAD,
    URGENT_TAIL,
    NORMAL_HEAD,
    NORMAL_TAIL,
    WISH_CURSOR,
    WISH_COUNT,
    CHANGES,
    CHANGE_CURSOR,
    CHANGE_COUNT,
    NODE_COUNT,
    PATHS,
    GENERATIONS,
    BLOCKS,
    BLOCKS_WANTED,
    RANK_COUNT,
    RANK_ORDER,
    VENUES,
    VENUE_COUNT,
    SOURCES,
    WATCHES,
    CROSSING_NS,
    CROSSING,
    IMPAIRED_HEAD,
    IMPAIRED_TAIL,
    LAST_CAUSE,
    PARKED_HEAD,
    PARKED_TAIL,
    PAPERS_HEAD,
    PAPERS_TAIL,
    MAIL_HEAD,
    MAIL_TAIL,
    ORDERS_HEAD,
    ORDERS_TAIL,
    EXECUTED_HEAD,
    EXECUTED_TAIL,
    KEEPS_EXECUTIONS,
    BREAKER_ROOM,
    REPAIR_TIME,
    ARRIVAL_NS,
    LIMIT_NS,
    SCRATCH,
    SCRATCH_ROOM,
    STEP_COUNT,
    LEGS_OF_A_STEP,
    IS_PREPARED,
    RUNS,
    RUN_COUNT,
    COMPARISONS,
    COMPARISON_COUNT,
    ENQUIRIES,
    ENQUIRY_COUNT,
    FREE,
) = range(68)
"""Words of the head; ``FREE`` is the first of one list of unused records a type."""

# -- types of records, each with its own list of unused ones -------------------------------------
(
    TYPE_EVENT,
    TYPE_NODE,
    TYPE_ORDER,
    TYPE_INTENT,
    TYPE_TERMS,
    TYPE_PURSUIT,
    TYPE_REQUEST,
    TYPE_TICKET,
    TYPE_JOB,
    TYPE_HELD,
    TYPE_DONE,
    TYPE_FACT,
    TYPE_TRY,
    TYPE_MARK,
    TYPE_EXECUTION,
    TYPE_RESTING,
    TYPE_REPORT,
    TYPE_MESSAGE,
    TYPE_BREAKER,
    TYPE_BULKHEAD,
    TYPE_CHANGE_LOG,
    TYPE_COUNT,
) = range(22)

HEAD_SIZE: Final = FREE + TYPE_COUNT

# -- things that happen at a time ---------------------------------------------------------------
(
    EVENT_LINK,
    EVENT_BACK,
    EVENT_HI,
    EVENT_LO,
    EVENT_SERIAL,
    EVENT_KIND,
    EVENT_A,
    EVENT_B,
    EVENT_C,
    EVENT_D,
    EVENT_TIME,
    EVENT_LANE,
    EVENT_SIZE,
) = range(13)

(LANE_TAIL, LANE_SIZE) = range(2)
"""A lane of timers that run equally long: only the first of them stands in the heap."""

(
    HAPPENS_REQUEST,
    HAPPENS_ANSWER,
    HAPPENS_REPORT,
    HAPPENS_MESSAGE,
    HAPPENS_CANCEL,
    HAPPENS_TIMER,
    HAPPENS_PATIENCE,
    HAPPENS_CANCEL_WISH,
    HAPPENS_COMPLETION,
    HAPPENS_BATCH_ITEM,
    HAPPENS_BATCH_RUN,
    HAPPENS_RATE_ALARM,
    HAPPENS_TOUCH,
    HAPPENS_EXPIRY,
    HAPPENS_RECONCILIATION,
    HAPPENS_ENQUIRY,
    HAPPENS_NOTHING,
) = range(17)

# -- turns and marks: the order of simultaneous events, as in engine/reference/clock.py ---------
(
    TURN_INFRASTRUCTURE,
    TURN_COMPLETION,
    TURN_DELIVERY,
    TURN_TIMER,
    TURN_MARKET,
    TURN_SCHEDULE,
    TURN_WISH,
) = range(7)

(
    MARK_REQUEST,
    MARK_ANSWER,
    MARK_REPORT,
    MARK_MESSAGE,
    MARK_CANCEL,
    MARK_TIMEOUT,
    MARK_RETRY,
    MARK_PATIENCE,
    MARK_PARK,
    MARK_SERVICE,
    MARK_START,
    MARK_FILL,
    MARK_TOUCH,
    MARK_EXPIRY,
    MARK_OTHER,
) = range(15)

# -- small nodes: microtasks, frozen handlers, lists of anything ----------------------------------
(NODE_NEXT, NODE_KIND, NODE_A, NODE_B, NODE_C, NODE_D, NODE_E, NODE_SIZE) = range(8)

(TASK_START, TASK_WAKE, TASK_PASS) = range(3)
"""A pursuit begins; hears, or its time is up; gets a place in a bulkhead."""

(
    FROZEN_REQUEST,
    FROZEN_ANSWER,
    FROZEN_CANCEL,
    FROZEN_TIME_IS_UP,
    FROZEN_BEGIN,
    FROZEN_RESEND,
) = range(6)

# -- distributions, links, journeys: what the blueprint says --------------------------------------
(DIST_KIND, DIST_NS, DIST_X, DIST_QUANTILES, DIST_COUNT, DIST_SIZE) = range(6)

(PATH_LATENCY, PATH_LOSS, PATH_CANCELS, PATH_PAIR, PATH_SHARED, PATH_SIZE) = range(6)

(STATE_UP, STATE_LATENCY, STATE_LOSS, STATE_SIZE) = range(4)

(ROUTE_STAGES, ROUTE_COUNT, ROUTE_EXECUTE, ROUTE_SIZE) = range(4)

(
    STAGE_NUMBER,
    STAGE_IS_LAST,
    STAGE_STATION,
    STAGE_TIME,
    STAGE_IS_CALL,
    STAGE_ROLE,
    STAGE_CONTROL,
    STAGE_TIMEOUT,
    STAGE_RETRIES,
    STAGE_BACKOFF,
    STAGE_CAP,
    STAGE_JITTER,
    STAGE_BREAKS_AT,
    STAGE_BREAKER_WINDOW,
    STAGE_BREAKER_OPEN,
    STAGE_PROBES,
    STAGE_BULKHEAD,
    STAGE_ON_FAILURE,
    STAGE_FALLBACK,
    STAGE_BATCH,
    STAGE_RERUNS,
    STAGE_LEGS,
    STAGE_LEG_COUNT,
    STAGE_AFTER_EXECUTION,
    STAGE_PAUSE,
    STAGE_HAS_LEGS,
    STAGE_LANE,
    STAGE_SIZE,
) = range(28)

(
    ROLE_NONE,
    ROLE_ACKNOWLEDGE,
    ROLE_CONTROL,
    ROLE_EXECUTE,
    ROLE_BOOK,
    ROLE_CONFIRM,
    ROLE_SETTLE,
) = range(7)

(FAIL_REJECT, FAIL_PARK, FAIL_CONTINUE, FAIL_FALLBACK) = range(4)

(LEG_TIME, LEG_FAIL, LEG_NAME, LEG_REFUSED, LEG_SIZE) = range(5)

(
    FALLBACK_STATION,
    FALLBACK_TIME,
    FALLBACK_TIMEOUT,
    FALLBACK_SKIPS,
    FALLBACK_MISTYPE,
    FALLBACK_BACK_ENTRY,
    FALLBACK_LANE,
    FALLBACK_SIZE,
) = range(8)

(
    CONTROL_NAME,
    CONTROL_BIT,
    CONTROL_KEYS,
    CONTROL_COVERAGE,
    CONTROL_FALSE_ALARM,
    CONTROL_REPAIRS,
    CONTROL_REASON,
    CONTROL_FINDS_UNSUITABLE,
    CONTROL_PRESSURE,
    CONTROL_BYPASS,
    CONTROL_BYPASS_KEYS,
    CONTROL_SIZE,
) = range(12)

(
    SOURCE_NUMBER,
    SOURCE_CHANNEL,
    SOURCE_SEGMENT,
    SOURCE_PRODUCT,
    SOURCE_ROUTE,
    SOURCE_KEYS,
    SOURCE_IS_UNSUITABLE,
    SOURCE_SIZE,
) = range(8)

(
    KEY_SERVICE,
    KEY_LATENCY,
    KEY_LOSS,
    KEY_JITTER,
    KEY_LEG_FAILURE,
    KEY_FILL,
    KEY_MISTYPE,
    KEY_MISTYPE_FIELD,
    KEY_MISTYPE_VALUE,
    KEY_BACK_ENTRY,
    KEY_BACK_ENTRY_STEP,
    KEY_ENQUIRY,
    KEY_REPAIR,
    KEY_PATIENCE,
    KEY_ON_TIMEOUT,
    KEY_COUNT,
) = range(16)
"""Streams of an order; see :func:`bcsim.kernels.sampling.key_of`."""

(
    SEGMENT_NAME,
    SEGMENT_RANK,
    SEGMENT_PATIENCE,
    SEGMENT_CHANCES,
    SEGMENT_ATTEMPTS,
    SEGMENT_SECOND,
    SEGMENT_LANE,
    SEGMENT_SIZE,
) = range(8)

(
    CHANNEL_NAME,
    CHANNEL_NAME_ORDER,
    CHANNEL_NUMBER,
    CHANNEL_NODE,
    CHANNEL_DESK,
    CHANNEL_ENQUIRY,
    CHANNEL_CLOSED_BY,
    CHANNEL_SIZE,
) = range(8)

(
    PRODUCT_SESSIONS,
    PRODUCT_SESSION_COUNT,
    PRODUCT_CLOSE,
    PRODUCT_SPLITS,
    PRODUCT_FILLS,
    PRODUCT_GAP,
    PRODUCT_INSTRUMENTS,
    PRODUCT_WORDS,
    PRODUCT_PRICES,
    PRODUCT_POINTS,
    PRODUCT_GRID,
    PRODUCT_FROM,
    PRODUCT_ROUTES,
    PRODUCT_LANE,
    PRODUCT_SIZE,
) = range(15)

(
    RECON_NAME,
    RECON_LEFT,
    RECON_RIGHT,
    RECON_GRACE,
    RECON_TEAM,
    RECON_WORK,
    RECON_MISSING,
    RECON_EXCESS,
    RECON_DIFFERING,
    RECON_UNKNOWN,
    RECON_SIZE,
) = range(11)

(MEND_RE_ENTER, MEND_CORRECT, MEND_BOOK, MEND_BUST, MEND_REPORT) = range(5)

(
    CHANGE_TIME,
    CHANGE_KIND,
    CHANGE_SUBJECT,
    CHANGE_VALUE,
    CHANGE_CAUSE,
    CHANGE_DETAIL,
    CHANGE_IMPAIRS,
    CHANGE_WORD,
    CHANGE_SIZE,
) = range(9)
"""``CHANGE_WORD`` is the word of the subject; a line of the log is a change too."""

(IMPAIRS_NOTHING, IMPAIRS_NO_MORE, IMPAIRS) = range(3)

(
    CHANGE_LOG,
    CHANGE_UP,
    CHANGE_HANG,
    CHANGE_SPEED,
    CHANGE_SERVERS,
    CHANGE_INTAKE,
    CHANGE_FALLBACK,
    CHANGE_LINK_UP,
    CHANGE_LINK_LATENCY,
    CHANGE_LINK_LOSS,
    CHANGE_FAILOVER,
    CHANGE_FAILBACK,
    CHANGE_SPLIT,
    CHANGE_CORRUPTION,
    CHANGE_HALT,
    CHANGE_PRIORITY,
    CHANGE_RECONCILE,
) = range(17)

(POLICY_DISCARD, POLICY_REPLAY, POLICY_QUARANTINE, POLICY_MERGE) = range(4)

(WATCH_NEXT, WATCH_NUMBER, WATCH_COMPONENT, WATCH_ABOVE, WATCH_SEEN, WATCH_SIZE) = range(6)

# -- components --------------------------------------------------------------------------------
(
    STATION_INDEX,
    STATION_NAME,
    STATION_NAME_ORDER,
    STATION_VANTAGE,
    STATION_NODE,
    STATION_UP,
    STATION_HUNG,
    STATION_SPEED,
    STATION_SERVERS,
    STATION_ON_FALLBACK,
    STATION_CORRUPTION,
    STATION_ACTIVE,
    STATION_FIRST,
    STATION_SECOND,
    STATION_REACH,
    STATION_FROZEN_HEAD,
    STATION_FROZEN_TAIL,
    STATION_LEFT_HEAD,
    STATION_LEFT_TAIL,
    STATION_VENUE,
    STATION_RATE,
    STATION_QUEUE_LIMIT,
    STATION_IS_DURABLE,
    STATION_STORE,
    STATION_KEEPS_FACTS,
    STATION_JOURNALS,
    STATION_HORIZON,
    STATION_CORRUPTION_KEYS,
    STATION_CHOICE_KEYS,
    STATION_WATCHES,
    STATION_NO_ANSWER,
    STATION_BATCHES,
    STATION_SIZE,
) = range(33)

(STORE_NONE, STORE_VOLATILE, STORE_DURABLE) = range(3)

(ACTIVE_FIRST, ACTIVE_SECOND, ACTIVE_BOTH) = (1, 2, 3)
"""One bit an instance."""

(REACH_PRIMARY, REACH_STANDBY, REACH_BOTH) = range(3)

(
    INSTANCE_STATION,
    INSTANCE_NUMBER,
    INSTANCE_IS_TO_RESUME,
    INSTANCE_RUNNING_HEAD,
    INSTANCE_RUNNING_TAIL,
    INSTANCE_RUNNING,
    INSTANCE_KEPT,
    INSTANCE_WAITING,
    INSTANCE_NEXT_START,
    INSTANCE_ALARM,
    INSTANCE_LINES,
    INSTANCE_HELD_HEAD,
    INSTANCE_HELD_TAIL,
    INSTANCE_FACT_HEAD,
    INSTANCE_FACT_TAIL,
    INSTANCE_PURSUIT_HEAD,
    INSTANCE_PURSUIT_TAIL,
    INSTANCE_BREAKERS,
    INSTANCE_BULKHEADS,
    INSTANCE_REPAIR_EPOCH,
    INSTANCE_JOURNAL,
    INSTANCE_BATCHES,
    INSTANCE_RUN_ORDER,
    INSTANCE_RUN_COUNT,
    INSTANCE_MISSED,
    INSTANCE_MISSED_COUNT,
    INSTANCE_SIZE,
) = range(27)

(LINE_HEAD, LINE_TAIL, LINE_SIZE) = range(3)

(
    BATCH_WAITING_HEAD,
    BATCH_WAITING_TAIL,
    BATCH_RUNNING_HEAD,
    BATCH_RUNNING_TAIL,
    BATCH_FINISHED_HEAD,
    BATCH_FINISHED_TAIL,
    BATCH_HAS_RUN,
    BATCH_IS_MISSED,
    BATCH_SIZE,
) = range(9)

(
    VENUE_STATION,
    VENUE_BOOK_HEAD,
    VENUE_BOOK_TAIL,
    VENUE_IS_HALTED,
    VENUE_OUTBOX_HEAD,
    VENUE_OUTBOX_TAIL,
    VENUE_ACCEPTED,
    VENUE_REPORTS,
    VENUE_OWED_HEAD,
    VENUE_OWED_TAIL,
    VENUE_SIZE,
) = range(11)

# -- orders and whatever hangs on them -----------------------------------------------------------
(TERMS_SUFFIX, TERMS_INSTRUMENT, TERMS_IS_BUY, TERMS_QTY, TERMS_PRICE, TERMS_SIZE) = range(6)

(
    INTENT_SUFFIX,
    INTENT_INSTRUMENT,
    INTENT_IS_BUY,
    INTENT_QTY,
    INTENT_PRICE,
    INTENT_NUMBER,
    INTENT_SOURCE,
    INTENT_INDEX,
    INTENT_DEADLINE,
    INTENT_ACKNOWLEDGED,
    INTENT_ENDED,
    INTENT_TOLD,
    INTENT_ENTRIES,
    INTENT_FIRST,
    INTENT_LAST,
    INTENT_CURRENT,
    INTENT_LIVES,
    INTENT_PATIENCE,
    INTENT_SIZE,
) = range(19)
"""Begins like a record of terms: an intent is the address of its own terms."""

(
    ORDER_NUMBER,
    ORDER_INTENT,
    ORDER_GENERATION,
    ORDER_CHANNEL,
    ORDER_ROUTE,
    ORDER_SKIPPED,
    ORDER_REFS,
    ORDER_PREV,
    ORDER_NEXT,
    ORDER_PURSUIT_HEAD,
    ORDER_PURSUIT_TAIL,
    ORDER_HELD,
    ORDER_DONE,
    ORDER_FACT,
    ORDER_JOB_HEAD,
    ORDER_JOB_TAIL,
    ORDER_TRIES,
    ORDER_MARKS,
    ORDER_EXECUTION_HEAD,
    ORDER_EXECUTION_TAIL,
    ORDER_EXECUTIONS,
    ORDER_RESTING_HEAD,
    ORDER_RESTING_TAIL,
    ORDER_EXECUTED_NEXT,
    ORDER_SIBLING,
    ORDER_IS_UNDER_WAY,
    ORDER_SIZE,
) = range(27)

(
    PURSUIT_PREV,
    PURSUIT_NEXT,
    PURSUIT_ORDER_PREV,
    PURSUIT_ORDER_NEXT,
    PURSUIT_REFS,
    PURSUIT_ORDER,
    PURSUIT_HOLDER,
    PURSUIT_STAGE,
    PURSUIT_PART,
    PURSUIT_TERMS,
    PURSUIT_QTY,
    PURSUIT_PRICE,
    PURSUIT_EXECUTION,
    PURSUIT_IS_RESEND,
    PURSUIT_USES_FALLBACK,
    PURSUIT_KEEPS_SERVER,
    PURSUIT_DEAD,
    PURSUIT_OVER,
    PURSUIT_SETTLED,
    PURSUIT_HURRIED,
    PURSUIT_IS_REGISTERED,
    PURSUIT_AT,
    PURSUIT_IS_WAITING,
    PURSUIT_HEARD,
    PURSUIT_HEARD_REASON,
    PURSUIT_HEARD_CAUSE,
    PURSUIT_ANSWER,
    PURSUIT_REASON,
    PURSUIT_CAUSE,
    PURSUIT_REFUSED,
    PURSUIT_REFUSAL_REASON,
    PURSUIT_REFUSAL_CAUSE,
    PURSUIT_ATTEMPT,
    PURSUIT_HAS_SENT,
    PURSUIT_WAITS,
    PURSUIT_AWAITS,
    PURSUIT_HAS_TIMER,
    PURSUIT_TIMER,
    PURSUIT_IS_WORN_OUT,
    PURSUIT_BREAKER,
    PURSUIT_TICKET,
    PURSUIT_BULKHEAD,
    PURSUIT_PLACE,
    PURSUIT_LINE_PREV,
    PURSUIT_LINE_NEXT,
    PURSUIT_TURN,
    PURSUIT_IS_PARKED,
    PURSUIT_PARKED_PREV,
    PURSUIT_PARKED_NEXT,
    PURSUIT_SIZE,
) = range(50)
"""``PURSUIT_HOLDER`` is an instance, or 0 for a client; ``PURSUIT_HEARD`` and ``PURSUIT_ANSWER``
are a reply + 1, or 0."""

(AT_BULKHEAD, AT_BACKOFF, AT_ANSWER, AT_PARK, AT_PARKED) = range(5)
"""What a pursuit waits for."""

(PLACE_NONE, PLACE_INSIDE, PLACE_IN_LINE) = range(3)

(
    REQUEST_REFS,
    REQUEST_ORDER,
    REQUEST_STAGE,
    REQUEST_PART,
    REQUEST_TERMS,
    REQUEST_QTY,
    REQUEST_PRICE,
    REQUEST_EXECUTION,
    REQUEST_ATTEMPT,
    REQUEST_PURSUIT,
    REQUEST_HOLDER,
    REQUEST_TARGET,
    REQUEST_IS_FALLBACK,
    REQUEST_SIZE,
) = range(14)

(REPLY_DONE, REPLY_REFUSED, REPLY_REJECTED, REPLY_HELD, REPLY_CANCELLED) = range(5)

(TICKET_REFS, TICKET_REQUEST, TICKET_WAITS_FOR, TICKET_IS_FIRST, TICKET_SIZE) = range(5)

(
    JOB_PREV,
    JOB_NEXT,
    JOB_ORDER_PREV,
    JOB_ORDER_NEXT,
    JOB_INSTANCE,
    JOB_HI,
    JOB_LO,
    JOB_RANK,
    JOB_KIND,
    JOB_STATE,
    JOB_ORDER,
    JOB_STAGE,
    JOB_CODE,
    JOB_REQUEST,
    JOB_LEG,
    JOB_TICKET_HEAD,
    JOB_TICKET_TAIL,
    JOB_TURN,
    JOB_ENDS,
    JOB_REMAINING,
    JOB_ACCEPTED,
    JOB_IS_PENDING,
    JOB_TIME,
    JOB_KEY,
    JOB_INDEX,
    JOB_DRAW,
    JOB_A,
    JOB_B,
    JOB_C,
    JOB_D,
    JOB_SIZE,
) = range(31)

(JOB_STEP, JOB_STATUS, JOB_ENQUIRY, JOB_KEYING, JOB_WALK, JOB_REPAIR, JOB_MEND) = range(7)

(
    JOB_IN_LINE,
    JOB_RUNNING,
    JOB_IN_BATCH,
    JOB_IN_RUN,
    JOB_FINISHED,
) = range(5)

(
    HELD_PREV,
    HELD_NEXT,
    HELD_ORDER_NEXT,
    HELD_ORDER,
    HELD_INSTANCE,
    HELD_PART,
    HELD_STAGE,
    HELD_TERMS,
    HELD_QTY,
    HELD_PRICE,
    HELD_EXECUTION,
    HELD_AT_VENUE,
    HELD_SERIAL,
    HELD_SIZE,
) = range(14)

(DONE_NEXT, DONE_INSTANCE, DONE_KEY, DONE_REPLY, DONE_REASON, DONE_UNTIL, DONE_SIZE) = range(7)
"""``DONE_KEY``: a step and one of its effects."""

(
    FACT_PREV,
    FACT_NEXT,
    FACT_ORDER_NEXT,
    FACT_ORDER,
    FACT_INSTANCE,
    FACT_TERMS,
    FACT_TIME,
    FACT_LAST,
    FACT_IS_CLOSED,
    FACT_PARTS,
    FACT_SIZE,
) = range(11)

(
    CHANGED_NEXT,
    CHANGED_TIME,
    CHANGED_STORE,
    CHANGED_ORDER,
    CHANGED_KEY,
    CHANGED_BEFORE,
    CHANGED_SIZE,
) = range(7)
"""A line of an instance's journal; ``CHANGED_STORE`` is the type of the record it is about."""

(TRY_NEXT, TRY_KEY, TRY_COUNT, TRY_SIZE) = range(4)
"""``TRY_KEY``: a step, a part and the number of the holder's instance."""

(MARK_NEXT, MARK_KIND, MARK_A, MARK_B, MARK_C, MARK_SIZE) = range(6)

(
    NOTED_BEGUN,
    NOTED_REPAIR,
    NOTED_WAITS,
    NOTED_RESENT,
    NOTED_MISMATCH,
    NOTED_BOOKED,
    NOTED_LEFT_OUT,
) = range(7)

(
    EXECUTION_NEXT,
    EXECUTION_STATION,
    EXECUTION_PART,
    EXECUTION_QTY,
    EXECUTION_PRICE,
    EXECUTION_TIME,
    EXECUTION_IS_BOOKED,
    EXECUTION_IS_BUSTED,
    EXECUTION_SIZE,
) = range(9)

(
    RESTING_PREV,
    RESTING_NEXT,
    RESTING_ORDER_PREV,
    RESTING_ORDER_NEXT,
    RESTING_NUMBER,
    RESTING_SERIAL,
    RESTING_IN_BOOK,
    RESTING_VENUE,
    RESTING_ORDER,
    RESTING_TERMS,
    RESTING_HOLDER,
    RESTING_ATTEMPT,
    RESTING_SHARE,
    RESTING_REST,
    RESTING_PARTS,
    RESTING_FILLED,
    RESTING_CLOSE,
    RESTING_NEXT_NS,
    RESTING_TURN,
    RESTING_UNRECEIVED_HEAD,
    RESTING_UNRECEIVED_TAIL,
    RESTING_ARRIVAL,
    RESTING_EXPIRY,
    RESTING_SIZE,
) = range(24)

(
    REPORT_NEXT,
    REPORT_OUT_NEXT,
    REPORT_RESTING,
    REPORT_NUMBER,
    REPORT_KIND,
    REPORT_PART,
    REPORT_QTY,
    REPORT_PRICE,
    REPORT_EXECUTION,
    REPORT_IS_FINAL,
    REPORT_REASON,
    REPORT_SIZE,
) = range(12)

(
    MESSAGE_NEXT,
    MESSAGE_ORDER,
    MESSAGE_KIND,
    MESSAGE_SENDER,
    MESSAGE_DIRECTION,
    MESSAGE_PART,
    MESSAGE_ATTEMPT,
    MESSAGE_TERMS,
    MESSAGE_QTY,
    MESSAGE_PRICE,
    MESSAGE_EXECUTION,
    MESSAGE_REF,
    MESSAGE_REASON,
    MESSAGE_CAUSE,
    MESSAGE_SUBJECT,
    MESSAGE_ACTOR,
    MESSAGE_SIZE,
) = range(17)

(
    DIRECTION_REQUEST,
    DIRECTION_ANSWER,
    DIRECTION_REPORT,
    DIRECTION_ACKNOWLEDGEMENT,
    DIRECTION_REJECTION,
    DIRECTION_CONFIRMATION,
    DIRECTION_EXPIRY,
    DIRECTION_SETTLEMENT,
    DIRECTION_CANCEL,
    DIRECTION_CANCELLATION,
    DIRECTION_CANCEL_REJECTION,
    DIRECTION_STATUS,
    DIRECTION_BUST,
    DIRECTION_CORRECTION,
) = range(14)

(
    BREAKER_NEXT,
    BREAKER_TARGET,
    BREAKER_IS_NEW,
    BREAKER_FAILURES,
    BREAKER_WINDOW,
    BREAKER_OPEN,
    BREAKER_PROBES,
    BREAKER_RING,
    BREAKER_FIRST,
    BREAKER_COUNT,
    BREAKER_UNTIL,
    BREAKER_OPENINGS,
    BREAKER_OUT,
    BREAKER_WON,
    BREAKER_SIZE,
) = range(15)

(
    BULKHEAD_NEXT,
    BULKHEAD_STAGE,
    BULKHEAD_LIMIT,
    BULKHEAD_INSIDE,
    BULKHEAD_HEAD,
    BULKHEAD_TAIL,
    BULKHEAD_SIZE,
) = range(7)

(RUN_TIME, RUN_STATION, RUN_NUMBER, RUN_SIZE) = range(4)

(COMPARISON_TIME, COMPARISON_NUMBER, COMPARISON_RECON, COMPARISON_SIZE) = range(4)

(
    ENQUIRIES_CHANNEL,
    ENQUIRIES_NUMBER,
    ENQUIRIES_KEY,
    _KEY_1,
    ENQUIRIES_TABLE,
    ENQUIRIES_COUNT,
    ENQUIRIES_CURSOR,
    ENQUIRIES_SIZE,
) = range(8)

# -- rows of the history ----------------------------------------------------------------------
(
    ROW_TIME,
    ROW_KIND,
    ROW_VANTAGE,
    ROW_INTENT,
    ROW_GENERATION,
    ROW_KEY,
    ROW_CHANNEL,
    ROW_PRIORITY,
    ROW_SUFFIX,
    ROW_INSTRUMENT,
    ROW_SIDE,
    ROW_TYPE,
    ROW_QTY,
    ROW_PRICE,
    ROW_AMOUNT,
    ROW_DEADLINE,
    ROW_LEG,
    ROW_EXECUTION,
    ROW_COMPONENT,
    ROW_STEP,
    ROW_ATTEMPT,
    ROW_ACTOR,
    ROW_SUBJECT,
    ROW_REF,
    ROW_REASON,
    ROW_CAUSE,
    ROW_SIZE,
) = range(27)

(KEY_OF_ORDER, KEY_OF_CANCEL) = range(2)
"""``ROW_KEY``: the order's idempotency key, or that of its cancel."""

CODE_BITS: Final = 40
"""Texts are words; above these bits stands what is to be made of them."""

CODE_EXECUTION: Final = 1 << CODE_BITS
"""The row's order's execution: ``station's word << 20 | part``."""

CODE_NOT_BOOKED: Final = 2 << CODE_BITS
"""``execution … is not booked``."""

CODE_EXCESS: Final = 3 << CODE_BITS
"""``… goes beyond the order``."""

CODE_REFUSED_BY: Final = 4 << CODE_BITS
"""``component: reason``: ``station's word << 20 | reason's word``."""

PART_BITS: Final = 20

KINDS: Final = (
    "intend",
    "submit",
    "resend",
    "acknowledge",
    "reject",
    "control_pass",
    "control_fail",
    "control_skip",
    "route",
    "execute",
    "bust",
    "correct",
    "book",
    "confirm",
    "cancel_request",
    "cancel",
    "cancel_reject",
    "expire",
    "settle",
    "notify",
    "enquire",
    "orphan",
    "action",
    "reconcile",
    "repair",
    "send",
    "receive",
    "start",
    "finish",
    "time_out",
    "fault_on",
    "fault_off",
    "failover",
    "failback",
    "detect",
    "declare",
    "recover",
    "expose",
    "grant",
    "revoke",
)
(
    KIND_INTEND,
    KIND_SUBMIT,
    KIND_RESEND,
    KIND_ACKNOWLEDGE,
    KIND_REJECT,
    KIND_CONTROL_PASS,
    KIND_CONTROL_FAIL,
    KIND_CONTROL_SKIP,
    KIND_ROUTE,
    KIND_EXECUTE,
    KIND_BUST,
    KIND_CORRECT,
    KIND_BOOK,
    KIND_CONFIRM,
    KIND_CANCEL_REQUEST,
    KIND_CANCEL,
    KIND_CANCEL_REJECT,
    KIND_EXPIRE,
    KIND_SETTLE,
    KIND_NOTIFY,
    KIND_ENQUIRE,
    KIND_ORPHAN,
    KIND_ACTION,
    KIND_RECONCILE,
    KIND_REPAIR,
    KIND_SEND,
    KIND_RECEIVE,
    KIND_START,
    KIND_FINISH,
    KIND_TIME_OUT,
) = range(30)
"""Kinds that the kernel itself writes; those behind them come from the timeline's log."""

WORDS: Final = (
    "client",
    "channel",
    "engine_store",
    "reconciliation",
    "queue full",
    "outside session",
    "intake stopped",
    "unknown",
    "too late",
    "end of session",
    "trading halt",
    "disconnect",
    "terms differ",
    "known to one instance only",
    "terms differ from the client's wish",
    "drain ended",
    "true",
    "cancelled",
    "live work",
    "status",
    "back-entry",
    "quarantine",
    "re-enter",
    "correct",
    "book",
    "bust",
    "report",
    "answer done",
    "answer refused",
    "answer rejected",
    "answer held",
    "answer cancelled",
    "report execute",
    "report cancel",
    "report expire",
    "pressure",
    "unsuitable",
)
(
    WORD_CLIENT,
    WORD_CHANNEL,
    WORD_ENGINE_STORE,
    WORD_RECONCILIATION,
    WORD_QUEUE_FULL,
    WORD_OUTSIDE_SESSION,
    WORD_INTAKE_STOPPED,
    WORD_UNKNOWN,
    WORD_TOO_LATE,
    WORD_END_OF_SESSION,
    WORD_TRADING_HALT,
    WORD_DISCONNECT,
    WORD_TERMS_DIFFER,
    WORD_ONE_INSTANCE_ONLY,
    WORD_DIFFERS_FROM_WISH,
    WORD_DRAIN_ENDED,
    WORD_TRUE,
    WORD_CANCELLED,
    WORD_LIVE_WORK,
    WORD_STATUS,
    WORD_BACK_ENTRY,
    WORD_QUARANTINE,
    WORD_RE_ENTER,
    WORD_CORRECT,
    WORD_BOOK,
    WORD_BUST,
    WORD_REPORT,
    WORD_ANSWER,
    _ANSWER_REFUSED,
    _ANSWER_REJECTED,
    _ANSWER_HELD,
    _ANSWER_CANCELLED,
    WORD_REPORT_EXECUTE,
    WORD_REPORT_CANCEL,
    WORD_REPORT_EXPIRE,
    WORD_PRESSURE,
    WORD_UNSUITABLE,
) = range(37)
"""Words that the kernel itself uses; ``WORD_ANSWER`` + reply, ``WORD_RE_ENTER`` + way to mend."""

# -- how far a call of the kernel got ------------------------------------------------------------
(STATUS_DONE, STATUS_ROWS, STATUS_ROOM, STATUS_BLOCKS, STATUS_CROSSED, STATUS_PAUSED) = range(6)
