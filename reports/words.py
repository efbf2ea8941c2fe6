"""The fixed words of a report, in Vietnamese and in English."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "report": "Báo cáo rà soát",
        "generated_at": "Lập lúc",
        "policy": "Chính sách",
        "version": "phiên bản",
        "hash": "mã băm",
        "coverage": "Phạm vi",
        "denominator_note": (
            "Mẫu số là số máy đã ghi danh. Khi nhập sổ tài sản, mẫu số sẽ là sổ tài sản; "
            "máy không báo cáo không bao giờ được tính là đạt."
        ),
        "statements": "Kết luận theo từng quy tắc",
        "rule": "Quy tắc",
        "statement": "Kết luận",
        "verdict": "Đánh giá",
        "met": "Đạt",
        "not_met": "Không đạt",
        "undecided": "Chưa thể kết luận",
        "devices": "Các máy",
        "device": "Máy",
        "system": "Hệ điều hành",
        "last_report": "Báo cáo gần nhất",
        "never": "chưa báo cáo",
        "passed": "Đạt",
        "reasons": "Chưa đạt, và vì sao",
        "nothing_open": "Không còn điểm nào chưa đạt.",
        "fixes": "Cách khắc phục",
        "evidence": "Bằng chứng",
        "evidence_note": (
            "Mỗi kết quả dựa trên báo cáo có chữ ký của máy, lưu nguyên vẹn trong cơ sở dữ liệu; "
            "lệnh rasoat verify kiểm tra lại toàn bộ chữ ký."
        ),
        "report_id": "Báo cáo (tác tử/kỳ/số)",
        "facts_hash": "Mã băm dữ kiện",
        "pass": "Đạt",
        "fail": "Không đạt",
        "unknown": "Không rõ",
        "error": "Lỗi",
        "not_applicable": "Không áp dụng",
        "waived": "Miễn trừ",
        "platform": "Nền tảng",
        "status": "Trạng thái",
        "severity": "Mức độ",
        "low": "thấp",
        "medium": "trung bình",
        "high": "cao",
        "critical": "nghiêm trọng",
    },
    "en": {
        "report": "Compliance report",
        "generated_at": "Made at",
        "policy": "Policy",
        "version": "version",
        "hash": "hash",
        "coverage": "Coverage",
        "denominator_note": (
            "The denominator is the machines enrolled. Once the asset register is imported, it is "
            "the register; a machine that does not report is never counted as passing."
        ),
        "statements": "Statement for each rule",
        "rule": "Rule",
        "statement": "Statement",
        "verdict": "Verdict",
        "met": "Met",
        "not_met": "Not met",
        "undecided": "Undecided",
        "devices": "Machines",
        "device": "Machine",
        "system": "System",
        "last_report": "Last report",
        "never": "never reported",
        "passed": "Passed",
        "reasons": "Open, and why",
        "nothing_open": "Nothing open.",
        "fixes": "How to fix",
        "evidence": "Evidence",
        "evidence_note": (
            "Every result rests on the machine's signed report, kept unchanged in the database; "
            "rasoat verify checks every signature again."
        ),
        "report_id": "Report (agent/epoch/sequence)",
        "facts_hash": "Hash of the facts",
        "pass": "Pass",
        "fail": "Fail",
        "unknown": "Unknown",
        "error": "Error",
        "not_applicable": "Not applicable",
        "waived": "Waived",
        "platform": "Platform",
        "status": "Status",
        "severity": "Severity",
        "low": "low",
        "medium": "medium",
        "high": "high",
        "critical": "critical",
    },
}
