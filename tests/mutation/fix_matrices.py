"""The order state change matrices of FIX 4.4 (volume 4, 2003-04, appendix D) as scripts.

Each scenario has the letter of the standard, the quantity that the client wished of each order,
the messages, and the verdict on each order. The messages follow the tables of the standard in
own words and with fewer fields. Exchanges that send fewer messages have scenarios of their own
(``X…``).
"""

from __future__ import annotations

from tests.mutation.fix_matrices_a_to_d import FILLS_CANCELS_REPLACES
from tests.mutation.fix_matrices_e_to_l import OTHERS

SCENARIOS = {**FILLS_CANCELS_REPLACES, **OTHERS}
"""Every scenario by its letter."""
