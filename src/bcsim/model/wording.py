"""What is said about input files, in English and Thai: a table, and the look-up in it.

Keys are our own codes (``duplicate_key``), those of :class:`bcsim.units.UnitError` after
``unit.``, and pydantic's error types (``missing``). A row is *message*, *what was expected*
and *hint* in English, then in Thai, with the values that go in between braces.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from bcsim.model.distribution import DISTRIBUTION_FORMS
from bcsim.units import CLOCK_FORMS, DURATION_FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.units import Lang

_Parts: TypeAlias = tuple[str, ...]


class Words(NamedTuple):
    """What is said about one problem; parts that are not needed are empty."""

    message: str
    expected: str = ""
    hint: str = ""


def has_words(code: str) -> bool:
    """Whether the table has a row for ``code``."""
    return code in _TABLE


def say(code: str, lang: Lang, **values: object) -> Words:
    """Word one problem.

    Parameters
    ----------
    code
        A key of the table.
    lang
        Language.
    values
        What stands between braces in the row.
    """
    parts = _TABLE[code][lang == "th"]
    return Words(*(part.format_map(values) for part in parts))


_FILES: Final[dict[str, tuple[_Parts, _Parts]]] = {
    "not_found": (
        ("no such file", "", "check the path, from the folder that you are in"),
        ("ไม่พบแฟ้ม", "", "ตรวจเส้นทางโดยนับจากโฟลเดอร์ที่ท่านอยู่"),
    ),
    "is_folder": (
        ("this is a folder", "a file", ""),
        ("นี่คือโฟลเดอร์", "แฟ้ม", ""),
    ),
    "not_readable": (
        ("the file cannot be read: {reason}",),
        ("อ่านแฟ้มไม่ได้: {reason}",),
    ),
    "too_large": (
        ("the file is too large", "at most {limit} bytes", "split it with include:"),
        ("แฟ้มใหญ่เกินไป", "ไม่เกิน {limit} ไบต์", "แบ่งแฟ้มด้วย include:"),
    ),
    "utf16": (
        ("the file is in UTF-16", "UTF-8", "save it as UTF-8"),
        ("แฟ้มเข้ารหัสแบบ UTF-16", "UTF-8", "บันทึกใหม่เป็น UTF-8"),
    ),
    "thai_codepage": (
        ("the file looks like TIS-620 or Windows-874", "UTF-8", "save it as UTF-8"),
        ("แฟ้มน่าจะเข้ารหัสแบบ TIS-620 หรือ Windows-874", "UTF-8", "บันทึกใหม่เป็น UTF-8"),
    ),
    "not_utf8": (
        ("byte {byte} is not UTF-8", "UTF-8", "save the file as UTF-8"),
        ("ไบต์ {byte} ไม่ใช่ UTF-8", "UTF-8", "บันทึกแฟ้มใหม่เป็น UTF-8"),
    ),
    "unprintable": (
        ("character {number} cannot be printed", "printable text", "delete it"),
        ("อักขระ {number} พิมพ์ออกไม่ได้", "ข้อความที่พิมพ์ได้", "ลบอักขระนี้"),
    ),
    "include_not_list": (
        ("include is not a list of file names", "include: [other.yaml]", ""),
        ("include ไม่ใช่รายการชื่อแฟ้ม", "include: [other.yaml]", ""),
    ),
    "include_outside": (
        ("{name!r} is outside the folder of the first file", "a file in or below {root}", ""),
        ("{name!r} อยู่นอกโฟลเดอร์ของแฟ้มแรก", "แฟ้มใน {root} หรือโฟลเดอร์ย่อย", ""),
    ),
    "include_cycle": (
        ("{name!r} includes itself: {chain}", "files that do not include each other", ""),
        ("{name!r} รวมตัวเอง: {chain}", "แฟ้มที่ไม่รวมกันวนกลับ", ""),
    ),
    "include_twice": (
        ("{name!r} is included already, at {first}", "each file once", ""),
        ("{name!r} ถูกรวมไว้แล้วที่ {first}", "แต่ละแฟ้มครั้งเดียว", ""),
    ),
    "include_without_file": (
        ("a text without a file cannot include files", "", "save it, then load the file"),
        ("ข้อความที่ไม่ได้มาจากแฟ้มรวมแฟ้มอื่นไม่ได้", "", "บันทึกเป็นแฟ้มก่อน"),
    ),
    "too_many_includes": (
        ("too many included files", "at most {limit}", ""),
        ("รวมแฟ้มมากเกินไป", "ไม่เกิน {limit}", ""),
    ),
    "section_clash": (
        ("{key!r} is given already, at {first}", "one value, or lists or mappings to join", ""),
        ("{key!r} ถูกกำหนดไว้แล้วที่ {first}", "ค่าเดียว หรือรายการที่นำมาต่อกันได้", ""),
    ),
    "duplicate_entry": (
        ("{key!r} exists already, at {first}", "a name of its own", "rename or delete one"),
        ("มี {key!r} อยู่แล้วที่ {first}", "ชื่อที่ไม่ซ้ำ", "เปลี่ยนชื่อหรือลบรายการหนึ่ง"),
    ),
}

_YAML: Final[dict[str, tuple[_Parts, _Parts]]] = {
    "empty_file": (
        ("the file is empty", "a mapping with keys and values", ""),
        ("แฟ้มว่าง", "คู่ของคีย์และค่า", ""),
    ),
    "several_documents": (
        ("a second document begins here", "one document in a file", "make it a file of its own"),
        ("เอกสารที่สองเริ่มตรงนี้", "หนึ่งเอกสารต่อหนึ่งแฟ้ม", "แยกเป็นอีกแฟ้มหนึ่ง"),
    ),
    "syntax": (
        ("not YAML: {reason}",),
        ("ไม่ใช่ YAML: {reason}",),
    ),
    "tab": (
        ("a tab character", "spaces", "indent with spaces"),
        ("พบแท็บ", "ช่องว่าง", "ย่อหน้าด้วยช่องว่าง"),
    ),
    "bad_start": (
        ("{character!r} cannot begin a value", "", "put the text in quotes"),
        ("{character!r} ขึ้นต้นค่าไม่ได้", "", "ใส่ข้อความในเครื่องหมายคำพูด"),
    ),
    "stray_colon": (
        (
            "a colon where no key can stand",
            "",
            "put a text with ': ' in quotes, and check the indentation",
        ),
        (
            "พบเครื่องหมาย : ในที่ที่มีคีย์ไม่ได้",
            "",
            "ใส่ข้อความที่มี ': ' ในเครื่องหมายคำพูด และตรวจย่อหน้า",
        ),
    ),
    "bad_layout": (
        ("this does not fit what began at line {line}", "", "check indentation and quotes"),
        ("ไม่เข้ากับส่วนที่เริ่มในบรรทัด {line}", "", "ตรวจย่อหน้าและเครื่องหมายคำพูด"),
    ),
    "tag": (
        ("the tag {tag!r} is not allowed", "plain values", "delete it"),
        ("ไม่อนุญาตให้ใช้แท็ก {tag!r}", "ค่าธรรมดา", "ลบแท็กนี้"),
    ),
    "merge_key": (
        ("merge keys (<<) are not allowed", "keys of its own", "write the keys out"),
        ("ไม่อนุญาตให้ใช้คีย์ผสม (<<)", "คีย์ของตัวเอง", "เขียนคีย์ให้ครบ"),
    ),
    "duplicate_key": (
        ("duplicate key {key!r}, first at line {line}", "each key once", "rename or delete one"),
        ("คีย์ {key!r} ซ้ำกับบรรทัด {line}", "แต่ละคีย์ครั้งเดียว", "เปลี่ยนชื่อหรือลบคีย์หนึ่ง"),
    ),
    "key_not_text": (
        ("a list or mapping cannot be a key", "a text", ""),
        ("รายการหรือคู่คีย์-ค่าเป็นคีย์ไม่ได้", "ข้อความ", ""),
    ),
    "empty_key": (
        ("a key is missing before the colon", "a key", ""),
        ("ขาดคีย์หน้าเครื่องหมาย :", "คีย์", ""),
    ),
    "long_number": (
        ("a number of absurd length", "at most {chars_max} characters", "quote it if it is a text"),
        ("ตัวเลขยาวผิดปกติ", "ไม่เกิน {chars_max} ตัวอักษร", "ใส่เครื่องหมายคำพูดหากเป็นข้อความ"),
    ),
    "lone_surrogate": (
        ("half of a UTF-16 pair is not a character", "a whole character", ""),
        ("ครึ่งหนึ่งของคู่ UTF-16 ไม่ใช่อักขระ", "อักขระที่สมบูรณ์", ""),
    ),
    "unknown_alias": (
        ("no anchor &{anchor} comes before this alias", "", "write the value out"),
        ("ไม่มีสมอ &{anchor} ก่อนจุดอ้างนี้", "", "เขียนค่าให้ครบ"),
    ),
    "recursive_alias": (
        ("the alias *{anchor} lies inside its own anchor", "", "write the value out"),
        ("จุดอ้าง *{anchor} อยู่ภายในสมอของตัวเอง", "", "เขียนค่าให้ครบ"),
    ),
    "too_many_aliases": (
        ("too many aliases", "at most {limit}", "write the values out"),
        ("จุดอ้างมากเกินไป", "ไม่เกิน {limit}", "เขียนค่าให้ครบ"),
    ),
    "too_many_nodes": (
        ("too many values, aliases followed", "at most {limit}", "split the model"),
        ("ค่ามากเกินไปเมื่อนับตามจุดอ้าง", "ไม่เกิน {limit}", "แบ่งแบบจำลอง"),
    ),
    "too_deep": (
        ("nested too deep", "at most {limit} levels", ""),
        ("ซ้อนลึกเกินไป", "ไม่เกิน {limit} ชั้น", ""),
    ),
}

_ONE_OF: Final = "one of {expected}"
_ONE_OF_TH: Final = "ค่าใดค่าหนึ่งใน {expected}"

_VALUES: Final[dict[str, tuple[_Parts, _Parts]]] = {
    "missing": (
        ("missing key {name!r}", "{description}", ""),
        ("ขาดคีย์ {name!r}", "{description}", ""),
    ),
    "extra_forbidden": (
        ("unknown key {name!r}", "{names}", ""),
        ("ไม่รู้จักคีย์ {name!r}", "{names}", ""),
    ),
    "string_type": (("not a text", "a text", ""), ("ไม่ใช่ข้อความ", "ข้อความ", "")),
    "int_type": (
        ("not a whole number", "a whole number", ""),
        ("ไม่ใช่จำนวนเต็ม", "จำนวนเต็ม", ""),
    ),
    "float_type": (("not a number", "a number", ""), ("ไม่ใช่ตัวเลข", "ตัวเลข", "")),
    "bool_type": (
        ("neither true nor false", "true or false", ""),
        ("ไม่ใช่ true หรือ false", "true หรือ false", ""),
    ),
    "finite_number": (
        ("not a finite number", "a finite number", ""),
        ("ไม่ใช่จำนวนจำกัด", "จำนวนจำกัด", ""),
    ),
    "greater_than": (
        ("too small", "a number greater than {gt:g}", ""),
        ("น้อยเกินไป", "จำนวนที่มากกว่า {gt:g}", ""),
    ),
    "greater_than_equal": (
        ("too small", "a number of at least {ge:g}", ""),
        ("น้อยเกินไป", "จำนวนตั้งแต่ {ge:g} ขึ้นไป", ""),
    ),
    "less_than": (
        ("too large", "a number less than {lt:g}", ""),
        ("มากเกินไป", "จำนวนที่น้อยกว่า {lt:g}", ""),
    ),
    "less_than_equal": (
        ("too large", "a number of at most {le:g}", ""),
        ("มากเกินไป", "จำนวนไม่เกิน {le:g}", ""),
    ),
    "string_too_short": (
        ("the text is too short", "at least {min_length} characters", ""),
        ("ข้อความสั้นเกินไป", "อย่างน้อย {min_length} ตัวอักษร", ""),
    ),
    "string_too_long": (
        ("the text is too long", "at most {max_length} characters", ""),
        ("ข้อความยาวเกินไป", "ไม่เกิน {max_length} ตัวอักษร", ""),
    ),
    "string_pattern_mismatch": (
        ("the text has another form than asked for", "a text that matches {pattern}", ""),
        ("รูปแบบข้อความไม่ถูกต้อง", "ข้อความที่ตรงกับ {pattern}", ""),
    ),
    "identifier": (
        ("not an identifier", "a lower-case letter, then letters a-z, digits and hyphens", ""),
        ("ไม่ใช่ตัวระบุ", "ตัวอักษร a-z ตัวเล็ก ตามด้วย a-z ตัวเลข หรือขีดกลาง", ""),
    ),
    "blank_text": (("the text is empty", "a text", ""), ("ข้อความว่าง", "ข้อความ", "")),
    "too_short": (
        ("too few entries: {actual_length}", "at least {min_length}", ""),
        ("รายการน้อยเกินไป: {actual_length}", "อย่างน้อย {min_length}", ""),
    ),
    "too_long": (
        ("too many entries: {actual_length}", "at most {max_length}", ""),
        ("รายการมากเกินไป: {actual_length}", "ไม่เกิน {max_length}", ""),
    ),
    "literal_error": (("unknown value", _ONE_OF, ""), ("ไม่รู้จักค่านี้", _ONE_OF_TH, "")),
    "enum": (("unknown value", _ONE_OF, ""), ("ไม่รู้จักค่านี้", _ONE_OF_TH, "")),
    "union_tag_invalid": (
        ("unknown {discriminator}", "one of {expected_tags}", ""),
        ("ไม่รู้จัก {discriminator}", "ค่าใดค่าหนึ่งใน {expected_tags}", ""),
    ),
    "missing_tag": (
        ("missing key {name!r}", "a mapping with the key {name!r}", ""),
        ("ขาดคีย์ {name!r}", "คู่คีย์-ค่าที่มีคีย์ {name!r}", ""),
    ),
    "model_type": (("not a mapping", "keys and values", ""), ("ไม่ใช่คู่คีย์-ค่า", "คู่คีย์-ค่า", "")),
    "dict_type": (("not a mapping", "keys and values", ""), ("ไม่ใช่คู่คีย์-ค่า", "คู่คีย์-ค่า", "")),
    "tuple_type": (
        ("not a list", "a list: [a, b], or lines that begin with '- '", ""),
        ("ไม่ใช่รายการ", "รายการ: [a, b] หรือบรรทัดที่ขึ้นต้นด้วย '- '", ""),
    ),
    "date_type": (
        ("not a date", "a date YYYY-MM-DD", ""),
        ("ไม่ใช่วันที่", "วันที่ YYYY-MM-DD (ค.ศ.)", ""),
    ),
    "date_parsing": (
        ("not a date", "a date YYYY-MM-DD", ""),
        ("ไม่ใช่วันที่", "วันที่ YYYY-MM-DD (ค.ศ.)", ""),
    ),
    "datetime_type": (
        ("not a date and time", "YYYY-MM-DDTHH:MM:SS", ""),
        ("ไม่ใช่วันที่และเวลา", "YYYY-MM-DDTHH:MM:SS (ค.ศ.)", ""),
    ),
    "datetime_parsing": (
        ("not a date and time", "YYYY-MM-DDTHH:MM:SS", ""),
        ("ไม่ใช่วันที่และเวลา", "YYYY-MM-DDTHH:MM:SS (ค.ศ.)", ""),
    ),
    "buddhist_year": (
        ("{year} is a year of the Buddhist era", "a Gregorian year", ""),
        ("{year} เป็นปีพุทธศักราช", "ปีคริสต์ศักราช", ""),
    ),
    "time_zone": (
        ("a time with a zone of its own", "YYYY-MM-DDTHH:MM:SS; the model names the zone", ""),
        ("เวลามีเขตเวลาของตัวเอง", "YYYY-MM-DDTHH:MM:SS เขตเวลาอยู่ในแบบจำลอง", ""),
    ),
    "local_text": (
        ("no text in a language", "a text, or a mapping with en and th", ""),
        ("ไม่มีข้อความในภาษาใด", "ข้อความ หรือคู่คีย์-ค่าที่มี en และ th", ""),
    ),
    "newer_format": (
        ("this file was written for a newer bcsim", "{expected}", "upgrade bcsim"),
        ("แฟ้มนี้เขียนสำหรับ bcsim รุ่นใหม่กว่า", "{expected}", "ปรับรุ่น bcsim"),
    ),
    "value_error": (("{error}",), ("{error}",)),
    "assertion_error": (("{error}",), ("{error}",)),
    "did_you_mean": (("did you mean {near!r}?",), ("หมายถึง {near!r} หรือไม่",)),
    "a_mapping": (("a mapping of {count}",), ("คู่คีย์-ค่า {count} คู่",)),
    "a_list": (("a list of {count}",), ("รายการ {count} รายการ",)),
    "nothing": (("nothing",), ("ค่าว่าง",)),
    "or": ((" or ",), (" หรือ ",)),
}

# English wording of these comes with the error; its `expected` is translated where it is one
# of the standing forms, and left as it is where it is an example in the files' own language.
_UNITS_TH: Final[dict[str, str]] = {
    "empty": "ข้อความว่าง",
    "no_unit": "ไม่มีหน่วย",
    "not_text": "ไม่ใช่ข้อความ",
    "clock_form": "เขียนแบบเวลานาฬิกา อาจเป็นชั่วโมงหรือนาทีก็ได้",
    "too_long": "ยาวเกินไป",
    "negative": "ติดลบ",
    "calendar_unit": "เดือนหรือปียาวไม่เท่ากัน",
    "malformed": "รูปแบบไม่ถูกต้อง",
    "unit_order": "ไม่เรียงตามลำดับขนาด",
    "inner_decimals": "มีทศนิยมก่อนส่วนสุดท้าย",
    "unknown_unit": "ไม่รู้จักหน่วย",
    "sub_nanosecond": "ละเอียดกว่านาโนวินาที",
    "out_of_range": "อยู่นอกช่วงที่กำหนด",
    "too_fine": "ละเอียดกว่าหน่วยย่อยของสกุลเงิน",
    "unknown_kind": "ไม่รู้จักการแจกแจง",
    "unknown_key": "ไม่รู้จักคีย์ของการแจกแจง",
    "missing_key": "ขาดคีย์ของการแจกแจง",
}
_FORMS_TH: Final[dict[str, str]] = {
    DURATION_FORMS: "ระยะเวลาพร้อมหน่วย เช่น 150 ms, 30 s, 5 min, 4 h, 1 d, PT5M หรือ 5 นาที",
    CLOCK_FORMS: "เวลา HH:MM หรือ HH:MM:SS ตั้งแต่ 00:00 ถึง 24:00",
    DISTRIBUTION_FORMS: (
        "ระยะเวลา (20 ms) หรือ constant 5 ms, exponential 20 ms (ค่าเฉลี่ย), uniform 1 ms..3 ms, "
        "triangular 1 ms, 2 ms, 5 ms, erlang 3, 20 ms (จำนวนช่วง, ค่าเฉลี่ย), "
        "lognormal median 20 ms sigma 0.5, weibull scale 10 h shape 1.5 "
        "หรือคู่คีย์-ค่า เช่น {kind: empirical, quantiles: [1 ms, 2 ms, 9 ms]}"
    ),
}

_TABLE: Final[Mapping[str, tuple[_Parts, _Parts]]] = MappingProxyType(_FILES | _YAML | _VALUES)


def say_unit(lang: Lang, context: Mapping[str, str], text: str) -> Words:
    """Word an unusable quantity.

    Parameters
    ----------
    lang
        Language.
    context
        The parts of a :class:`bcsim.units.UnitError`, by name.
    text
        The whole quantity; a part of it is named where it is what offends.
    """
    detail = context["detail"]
    part = f" {detail!r}" if detail and detail != text.strip() else ""
    if lang == "en":
        return Words(context["reason"] + part, context["expected"])
    expected = _FORMS_TH.get(context["expected"], context["expected"])
    return Words(_UNITS_TH[context["code"]] + part, expected)
