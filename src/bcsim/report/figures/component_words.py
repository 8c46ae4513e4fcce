"""What the picture of a firm's components says, in English and Thai."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bcsim.report.figures.component_layout import GROUND, NOWHERE, OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.model.firm import Firm
    from bcsim.units import Lang

WORDS: Final[Mapping[str, Mapping[Lang, str]]] = MappingProxyType(
    {
        "title": {"en": "Components of {firm}", "th": "องค์ประกอบของ{firm}"},
        "channels": {"en": "Channels", "th": "ช่องทาง"},
        OUTSIDE: {"en": "Third parties", "th": "บุคคลภายนอก"},
        GROUND: {"en": "Infrastructure", "th": "โครงสร้างพื้นฐาน"},
        NOWHERE: {"en": "No site", "th": "ไม่ระบุสถานที่"},
        "on": {"en": "on {names}", "th": "อาศัย {names}"},
        "key": {"en": "Key", "th": "คำอธิบายสัญลักษณ์"},
        "flow": {"en": "orders are handed over", "th": "ส่งมอบคำสั่ง"},
        "call": {"en": "call and answer", "th": "เรียกใช้และรอคำตอบ"},
        "need": {"en": "needs", "th": "ต้องอาศัย"},
        "any-of": {
            "en": "needs some of several, or works more slowly without",
            "th": "ต้องอาศัยบางส่วน หรือทำงานช้าลงถ้าขาด",
        },
        "standby-line": {"en": "standby", "th": "ระบบสำรอง"},
        "waiting": {"en": "waiting standby, or not in use", "th": "ระบบสำรองที่รออยู่ หรือไม่ได้ใช้"},
        "single": {
            "en": "single point of failure, stops so many journeys",
            "th": "จุดล้มเหลวเดี่ยว และจำนวนเส้นทางที่หยุด",
        },
        "down": {"en": "does not work", "th": "ใช้งานไม่ได้"},
        "degraded": {"en": "impaired", "th": "ทำงานได้บางส่วน"},
        "standby": {"en": "runs at the standby", "th": "ทำงานที่ระบบสำรอง"},
        "singles": {"en": "Single points of failure", "th": "จุดล้มเหลวเดี่ยว"},
        "no singles": {"en": "No single point of failure.", "th": "ไม่มีจุดล้มเหลวเดี่ยว"},
        "stops": {"en": "stops {n} of {of} journeys", "th": "หยุด {n} จาก {of} เส้นทาง"},
        "impaired": {"en": "What is impaired", "th": "สิ่งที่ขัดข้อง"},
        "all well": {"en": "Everything works.", "th": "ทุกอย่างทำงานปกติ"},
        "more": {"en": "and {n} more", "th": "และอีก {n} รายการ"},
    }
)
"""What the picture says, in both languages."""


def say(word: str, lang: Lang, **values: object) -> str:
    """A text in one language, with values between its braces filled in."""
    return WORDS[word][lang].format_map(values)


def name_of(firm: Firm, node: str, lang: Lang) -> str:
    """Name of a component, site or channel in one language."""
    for section in (firm.components, firm.sites, firm.channels):
        if node in section:
            return section[node].name.in_(lang)
    return say(node, lang)
