"""Alterations: a component that corrupts orders, a person who mistypes one.

Twin: :mod:`bcsim.engine.reference.alteration`.
"""

from __future__ import annotations

from bcsim.kernels import record as r
from bcsim.kernels.compiled import Arena, Constants, compiled
from bcsim.kernels.link import MILLION
from bcsim.kernels.order import make_terms
from bcsim.kernels.sampling import address, index_of, integer, key_of_order, place_key, uniform

(FIELD_QTY, FIELD_SIDE, FIELD_ACCOUNT, FIELD_PRICE, FIELD_INSTRUMENT) = range(5)

SUFFIXES = "xyz"
"""What an altered account ends with; in the arena a number to the base of four, 1 for x."""


@compiled
def applied(m: Arena, x: Constants, instance: int, request: int) -> int:
    """Terms of a request as they leave the component."""
    order, stage = m[request + r.REQUEST_ORDER], m[request + r.REQUEST_STAGE]
    station, terms = m[instance + r.INSTANCE_STATION], m[request + r.REQUEST_TERMS]
    index, number = index_of(m, order), m[stage + r.STAGE_NUMBER]
    ppm = m[station + r.STATION_CORRUPTION]
    if ppm:
        keys = place_key(m, m[station + r.STATION_CORRUPTION_KEYS], order, 3)
        if uniform(m, keys, index, 0) * MILLION < ppm:
            return _altered(m, order, terms, number, keys + 2, keys + 4)
    fallback = m[stage + r.STAGE_FALLBACK]
    if m[request + r.REQUEST_IS_FALLBACK] and fallback:
        chance = x[m[fallback + r.FALLBACK_MISTYPE]]
        key = key_of_order(m, order, r.KEY_MISTYPE, 0)
        if chance and uniform(m, key, index, address(number, 0, 0, 0)) < chance:
            which = key_of_order(m, order, r.KEY_MISTYPE_FIELD, 0)
            how = key_of_order(m, order, r.KEY_MISTYPE_VALUE, 0)
            return _altered(m, order, terms, number, which, how)
    return terms


@compiled
def _altered(m: Arena, order: int, terms: int, number: int, which: int, how: int) -> int:
    """Alter one field: a limit price only where there is one, else the quantity."""
    index, draw = index_of(m, order), address(number, 0, 0, 0)
    field = integer(m, which, 0, 4, index, draw)
    choice = integer(m, how, 0, 2, index, draw)
    intent = m[order + r.ORDER_INTENT]
    product = m[m[intent + r.INTENT_SOURCE] + r.SOURCE_PRODUCT]
    others = m[product + r.PRODUCT_INSTRUMENTS] - 1
    altered = make_terms(m, terms)
    if field == FIELD_SIDE:
        m[altered + r.TERMS_IS_BUY] = 1 - m[terms + r.TERMS_IS_BUY]
    elif field == FIELD_ACCOUNT:
        m[altered + r.TERMS_SUFFIX] = 4 * m[terms + r.TERMS_SUFFIX] + choice + 1
    elif field == FIELD_INSTRUMENT and others:
        other = choice % others
        meant = m[intent + r.INTENT_INSTRUMENT]
        m[altered + r.TERMS_INSTRUMENT] = other + 1 if other >= meant else other
    elif field == FIELD_PRICE and m[terms + r.TERMS_PRICE] != r.NULL:
        m[altered + r.TERMS_PRICE] = _times(m[terms + r.TERMS_PRICE], choice)
    else:
        m[altered + r.TERMS_QTY] = _times(m[terms + r.TERMS_QTY], choice)
    return altered


@compiled
def _times(value: int, choice: int) -> int:
    """The table of alterations of a number: a digit too many, a digit too few, doubled."""
    if choice == 0:
        return value * 10
    if choice == 1:
        return max(value // 10, 1) if value > 1 else 2
    return value * 2
