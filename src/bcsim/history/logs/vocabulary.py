"""Words that systems use for columns and events; what bcsim may take for granted, and what not.

:data:`COLUMN_WORDS` serves to propose a mapping, and to read a list of intents without one.
:data:`KIND_WORDS` are words for events that have one meaning; a word such as ``new``, which one
system writes for an order that it received and the next for one that it accepted, is not here.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bcsim.history.logs.mapping import DEADLINE
from bcsim.history.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

TIME: Final = "time"
"""What a column of times is called among the targets of :data:`COLUMN_WORDS`."""

_COLUMNS: Final[Mapping[str, str]] = {
    TIME: "time timestamp datetime event_time transact_time ts at occurred_at created_at time_utc"
    " date_time transacttime sending_time เวลา วันเวลา",
    "kind": "kind event event_type activity action status exec_type type_of_event เหตุการณ์",
    "vantage": "vantage seen_at system source_system",
    "intent_id": "intent_id intent wish_id request_id instruction_id",
    "order_id": "order_id cl_ord_id order_no order_number order_ref clientorder_id"
    " order reference เลขที่คำสั่ง",
    "idem_key": "idem_key idempotency_key message_key",
    "parent_id": "parent_id parent_order_id orig_cl_ord_id replaces",
    "leg": "leg leg_no leg_number",
    "exec_id": "exec_id executionid trade_id fill_id deal_id trade_no",
    "client_id": "client_id client customer_id customer cust_id investor ลูกค้า",
    "segment": "segment client_segment customer_segment tier กลุ่มลูกค้า",
    "channel": "channel via entry_channel ช่องทาง",
    "account": "account acct account_no account_id account_number portfolio บัญชี เลขที่บัญชี",
    "instrument": "instrument symbol ticker isin security security_id product fund fund_code stock"
    " หลักทรัพย์ กองทุน",
    "side": "side buy_sell bs direction b_s ซื้อขาย",
    "ord_type": "ord_type order_type type_of_order ประเภทคำสั่ง",
    "qty": "qty quantity order_qty units volume shares last_qty filled จำนวน",
    "price": "price px limit_price last_px unit_price nav ราคา",
    "amount": "amount value amt total cash money มูลค่า จำนวนเงิน",
    DEADLINE: "deadline due due_by due_at must_be_done_by ครบกำหนด",
    "priority": "priority rank priority_class",
    "component": "component host server node application",
    "attempt": "attempt try retry retry_no",
    "actor": "actor user operator dealer person trader",
    "reason": "reason text reject_reason message remark remarks เหตุผล",
}

_KINDS: Final[Mapping[str, str]] = {
    Kind.INTEND: "intend intended wish intent",
    Kind.SUBMIT: "submit submitted entered placed order_placed order_submitted place_order"
    " create_order",
    Kind.RESEND: "resend resent retransmitted",
    Kind.ACKNOWLEDGE: "acknowledge acknowledged ack acked accepted accept order_accepted"
    " confirm_order",
    Kind.REJECT: "reject rejected refused order_rejected",
    Kind.ROUTE: "route routed",
    Kind.EXECUTE: "execute executed fill filled trade traded matched partially_filled partial_fill"
    " order_executed",
    Kind.BUST: "bust busted trade_cancel",
    Kind.CORRECT: "correct corrected trade_correct",
    Kind.BOOK: "book booked posted",
    Kind.CONFIRM: "confirm confirmed confirmation confirmation_sent",
    Kind.CANCEL_REQUEST: "cancel_request cancel_requested",
    Kind.CANCEL: "cancel cancelled canceled order_cancelled order_canceled",
    Kind.CANCEL_REJECT: "cancel_reject cancel_rejected",
    Kind.REPLACE_REQUEST: "replace_request amend_request",
    Kind.REPLACE: "replace replaced amended",
    Kind.REPLACE_REJECT: "replace_reject replace_rejected amend_rejected",
    Kind.EXPIRE: "expire expired order_expired",
    Kind.SETTLE: "settle settled settlement",
    Kind.NOTIFY: "notify notified",
    Kind.ENQUIRE: "enquire enquiry inquiry",
    Kind.COMPLAIN: "complain complaint",
}


def normal(word: str) -> str:
    """A word without capitals, blanks and signs: ``Order-ID``, ``order id`` and ``OrderId``."""
    return re.sub(r"[^0-9a-z\u0e01-\u0e4e]+", "", word.lower())


def _by_word(words: Mapping[str, str]) -> Mapping[str, str]:
    found = {normal(target): str(target) for target in words}
    for target, listed in words.items():
        for word in listed.split():
            found.setdefault(normal(word), str(target))
    return MappingProxyType(found)


COLUMN_WORDS: Final = _by_word(_COLUMNS)
"""Normal word for a column -> what the column holds."""

KIND_WORDS: Final = _by_word({**dict.fromkeys(Kind, ""), **_KINDS})
"""Normal word for an event -> its kind."""
