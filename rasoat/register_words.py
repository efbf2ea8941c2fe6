"""What is wrong with a cell of a register, and what to do, in the words of the person who keeps it.

``{value}`` and the other names in braces come from the problem itself (`Problem.said`).
"""

from __future__ import annotations

from inventory.register.rows import Problem

#: kind → language → (reason, what to do)
_PROBLEMS: dict[str, dict[str, tuple[str, str]]] = {
    "formula_error": {
        "vi": ("công thức trong ô cho lỗi {error}", "sửa công thức, hoặc gõ giá trị vào ô"),
        "en": ("the formula gives {error}", "mend the formula, or type the value"),
    },
    "legacy_text": {
        "vi": (
            "chữ gõ bằng bảng mã cũ {encoding} (có lẽ là “{reads}”)",
            "chuyển cả bảng sang Unicode (UniKey: Ctrl+Shift+F6), rồi nhập lại",
        ),
        "en": (
            "text in the old encoding {encoding} (probably “{reads}”)",
            "convert the sheet to Unicode (UniKey: Ctrl+Shift+F6) and import again",
        ),
    },
    "control": {
        "vi": ("có ký tự điều khiển không nhìn thấy", "xóa ô và gõ lại"),
        "en": ("holds invisible control characters", "clear the cell and type it again"),
    },
    "too_long": {
        "vi": ("dài {length} ký tự, tối đa {most}", "rút ngắn, phần còn lại đưa vào Ghi chú"),
        "en": ("has {length} characters, at most {most}", "shorten it; move the rest to the note"),
    },
    "digits_lost": {
        "vi": (
            "Excel đã đổi số này thành {shown}, các chữ số gốc đã mất",
            "định dạng ô là Văn bản (Text), gõ lại theo nhãn trên máy",
        ),
        "en": (
            "Excel made {shown} of this number, its digits are lost",
            "format the cell as Text and type it again from the machine's label",
        ),
    },
    "became_date": {
        "vi": (
            "Excel đã đổi mã này thành ngày {shown}",
            "định dạng ô là Văn bản (Text), gõ lại mã",
        ),
        "en": (
            "Excel made a date of this number: {shown}",
            "format the cell as Text and type the number again",
        ),
    },
    "mac_bad": {
        "vi": (
            "không phải địa chỉ MAC: cần 12 chữ số hệ 16 (0–9, A–F), ở đây có {digits}",
            "gõ lại theo lệnh getmac, ví dụ 00:1A:2B:3C:4D:5E; nhiều địa chỉ cách nhau bằng dấu ;",
        ),
        "en": (
            "no MAC address: 12 hexadecimal digits (0–9, A–F) are needed, here are {digits}",
            "type it as getmac shows it, such as 00:1A:2B:3C:4D:5E; separate several by ;",
        ),
    },
    "mac_number": {
        "vi": (
            "Excel đã đổi địa chỉ MAC thành số {shown}",
            "định dạng ô là Văn bản (Text), gõ lại địa chỉ",
        ),
        "en": (
            "Excel made the number {shown} of a MAC address",
            "format the cell as Text and type the address again",
        ),
    },
    "mac_is_address": {
        "vi": (
            "{shown} là địa chỉ IP, không phải MAC",
            "chuyển sang cột IP; lấy địa chỉ MAC bằng lệnh getmac",
        ),
        "en": (
            "{shown} is an IP address, no MAC",
            "move it to the column of IP addresses; getmac shows the MAC",
        ),
    },
    "mac_no_card": {
        "vi": ("{mac} không phải địa chỉ của một card mạng", "lấy địa chỉ MAC bằng lệnh getmac"),
        "en": ("{mac} is no network card's address", "getmac shows the card's address"),
    },
    "address_bad": {
        "vi": (
            "{shown} không phải địa chỉ IP",
            "gõ lại, ví dụ 10.20.1.7; DHCP thì để trống",
        ),
        "en": ("{shown} is no IP address", "type it as 10.20.1.7; leave it empty for DHCP"),
    },
    "address_number": {
        "vi": ("Excel đã đổi địa chỉ IP thành số {shown}", "định dạng ô là Văn bản, gõ lại"),
        "en": ("Excel made the number {shown} of an IP address", "format as Text, type it again"),
    },
    "address_no_machine": {
        "vi": ("{shown} không phải địa chỉ của một máy", "gõ địa chỉ thật, hoặc để trống"),
        "en": ("{shown} is no single machine's address", "type the real one, or leave it empty"),
    },
    "date_bad": {
        "vi": ("không hiểu ngày “{shown}”", "gõ 17/05/2021, 05/2021 hoặc 2021"),
        "en": ("“{shown}” is not understood as a date", "type 17/05/2021, 05/2021 or 2021"),
    },
    "date_no_such_day": {
        "vi": ("không có ngày {shown}", "sửa lại ngày; chưa rõ ngày thì chỉ gõ năm"),
        "en": ("there is no day {shown}", "correct it; type the year alone where unsure"),
    },
    "date_month_first": {
        "vi": (
            "{shown} viết tháng trước ngày; ngày khác trong cột này có thể bị đảo mà không thấy",
            "xem lại cả cột, gõ ngày/tháng/năm",
        ),
        "en": (
            "{shown} has the month first; other dates of this column may be turned round unseen",
            "look at the whole column; type day/month/year",
        ),
    },
    "date_range": {
        "vi": ("{shown} ở tương lai, hoặc trước năm {first}", "sửa lại ngày"),
        "en": ("{shown} is in the future, or before {first}", "correct the date"),
    },
    "date_year_as_day": {
        "vi": (
            "ô hiện ngày {shown}: có lẽ năm {year} được gõ vào ô định dạng ngày",
            "định dạng ô là Số (General), gõ lại năm",
        ),
        "en": (
            "shows {shown}: the year {year} was probably typed into a date cell",
            "format the cell as General and type the year again",
        ),
    },
    "several_machines": {
        "vi": ("một dòng cho {shown} máy", "tách mỗi máy một dòng, có mã hoặc số seri riêng"),
        "en": ("one row for {shown} machines", "give each machine a row with its own number"),
    },
    "merged_identity": {
        "vi": (
            "ô gộp qua các dòng {lines}: một giá trị cho nhiều máy",
            "bỏ gộp ô, gõ giá trị riêng của từng máy",
        ),
        "en": (
            "is merged over the rows {lines}: one value for several machines",
            "unmerge it and type each machine's own",
        ),
    },
    "nothing_identifies": {
        "vi": ("dòng không có mã, tên, số seri hay MAC", "điền ít nhất một trong số đó"),
        "en": ("no tag, name, serial number or MAC in the row", "fill in at least one of them"),
    },
    "row_unclear": {
        "vi": (
            "chỉ một ô có chữ: là máy hay là tiêu đề nhóm?",
            "là máy: điền mã hoặc số seri; là tiêu đề: gộp ô qua cả bảng",
        ),
        "en": (
            "only one cell is filled: a machine, or a heading?",
            "a machine: give it a number; a heading: merge it over the table",
        ),
    },
    "tag_twice": {
        "vi": (
            "mã {shown} có cả ở {others}",
            "sửa theo nhãn trên máy; cả hai dòng bị để lại",
        ),
        "en": ("the tag {shown} stands in {others} too", "correct one; both were left out"),
    },
    "serial_twice": {
        "vi": ("số seri {shown} có cả ở {others}", "xem nhãn trên hai máy; cả hai dòng bị để lại"),
        "en": (
            "the serial number {shown} stands in {others} too",
            "correct one; both were left out",
        ),
    },
    "mac_twice": {
        "vi": (
            "địa chỉ MAC {shown} có cả ở {others}",
            "nếu là đế cắm hoặc USB mạng dùng chung thì xóa ở cả hai; cả hai dòng bị để lại",
        ),
        "en": (
            "the MAC {shown} stands in {others} too",
            "delete a shared dock's or adapter's in both rows; both were left out",
        ),
    },
    "unit_unknown": {
        "vi": ("không có đơn vị “{shown}”", "sửa tên, hoặc thêm đơn vị: rasoat units import"),
        "en": ("there is no unit “{shown}”", "correct it, or add the unit: rasoat units import"),
    },
    "unit_ambiguous": {
        "vi": ("“{shown}” có thể là {near}", "ghi mã đơn vị"),
        "en": ("“{shown}” may be {near}", "write the unit's code"),
    },
    "unit_ended": {
        "vi": ("đơn vị “{shown}” đã thôi hoạt động; kế thừa: {near}", "ghi đơn vị hiện nay"),
        "en": ("the unit “{shown}” has ended; its successors: {near}", "write today's unit"),
    },
    "unit_missing": {
        "vi": (
            "không ghi đơn vị",
            "điền đơn vị; ô vốn được gộp thì nhập .xlsx, không phải .csv",
        ),
        "en": ("no unit", "fill it in; if the cell was merged, import the .xlsx, not a .csv"),
    },
    "kind_unknown": {
        "vi": (
            "không hiểu loại “{shown}”; máy vẫn được tính là máy tính phải báo cáo",
            "ghi Máy tính, Laptop, Máy chủ, Máy in, …",
        ),
        "en": (
            "“{shown}” is not understood; it counts as a computer that should report",
            "write PC, laptop, server, printer, …",
        ),
    },
    "state_unknown": {
        "vi": ("không hiểu tình trạng “{shown}”; giữ nguyên chữ", "ghi Đang sử dụng, Hỏng, …"),
        "en": ("“{shown}” is not understood; kept as it is", "write in use, broken, in store, …"),
    },
    "number_junk": {
        "vi": ("“{shown}” không phân biệt được máy nào với máy nào", "lấy số trên nhãn của máy"),
        "en": ("“{shown}” tells no machine from another", "take the number on the label"),
    },
    "mac_local": {
        "vi": (
            "{mac} do phần mềm đặt (Wi-Fi ngẫu nhiên, máy ảo), không dùng để nhận máy",
            "lấy địa chỉ vật lý bằng lệnh getmac",
        ),
        "en": (
            "{mac} is given by software (random Wi-Fi, a guest); it identifies nothing",
            "getmac shows the physical address",
        ),
    },
    "not_distinct": {
        "vi": (
            "{number} dòng chỉ có tên “{shown}” (cả {others}): tính là {number} máy",
            "ghi mã tài sản hoặc số seri của từng máy",
        ),
        "en": (
            "{number} rows have the name “{shown}” alone ({others} too): {number} machines",
            "give each its asset tag or serial number",
        ),
    },
    "tag_elsewhere": {
        "vi": (
            "mã {shown} đã có ở {others}; nhập như một máy khác",
            "nếu là một máy thì sửa cho khớp số seri, đơn vị; nếu không thì đổi mã",
        ),
        "en": (
            "the tag {shown} stands in {others} already; taken as another machine",
            "make serial number and unit agree if it is one; else change the tag",
        ),
    },
    "serial_elsewhere": {
        "vi": (
            "số seri {shown} đã có ở {others} với mã khác; nhập như một máy khác",
            "xem nhãn của máy, sửa một trong hai nơi",
        ),
        "en": (
            "the serial number {shown} stands in {others} under another tag; taken as another",
            "look at the label and correct one of the two",
        ),
    },
}
KINDS = frozenset(_PROBLEMS)
IGNORED = {
    "vi": {
        "total": "dòng tổng",
        "section": "tiêu đề nhóm",
        "signature": "phần ký",
        "numbers": "số thứ tự cột",
        "header_again": "đầu bảng lặp lại",
        "numbered_only": "chỉ có STT",
    },
    "en": {
        "total": "total",
        "section": "heading",
        "signature": "signatures",
        "numbers": "numbers of columns",
        "header_again": "header again",
        "numbered_only": "ordinal alone",
    },
}
SKIPPED = {
    "vi": {
        "hidden": "trang ẩn (đọc bằng --sheet)",
        "example": "ví dụ (đọc bằng --sheet)",
        "no_table": "không có bảng máy",
    },
    "en": {
        "hidden": "hidden (read it by --sheet)",
        "example": "example (read it by --sheet)",
        "no_table": "no table of machines",
    },
}


def reason(problem: Problem, lang: str) -> str:
    """Why a cell was refused or is doubted."""
    return _PROBLEMS[problem.kind][lang][0].format_map(dict(problem.said))


def remedy(problem: Problem, lang: str) -> str:
    """What the person who keeps the register can do about it."""
    return _PROBLEMS[problem.kind][lang][1]
