"""The catalogue's purposes in Vietnamese: every `why` of catalogue.yaml, word for word its key."""

from __future__ import annotations

VIETNAMESE = {
    "Tell machines apart, plan replacement, find machines that cannot run a supported system": (
        "Phân biệt từng máy, lập kế hoạch thay máy, tìm máy không chạy được hệ điều hành còn hỗ trợ"
    ),
    "Find systems that get no security fixes any more": (
        "Tìm hệ điều hành không còn được vá lỗi bảo mật"
    ),
    "Free space for updates; stolen portable machines must not give their data away": (
        "Chỗ trống để cập nhật; máy xách tay bị mất không được làm lộ dữ liệu"
    ),
    "Find the machine on the LAN, match it with what the scanner sees, know which doors it opens": (
        "Tìm máy trên mạng nội bộ, đối chiếu với máy quét, biết máy mở những cổng nào"
    ),
    "The office states that every machine has a firewall": (
        "Cơ quan khẳng định mọi máy đều có tường lửa"
    ),
    "Every office PC needs real-time protection with current signatures": (
        "Mỗi máy cơ quan cần bảo vệ thời gian thực với mẫu vi-rút mới"
    ),
    "Known holes are closed only by installed updates": (
        "Lỗ hổng đã biết chỉ được vá khi bản cập nhật đã cài"
    ),
    (
        "Too many administrators and weak sign-in are how one lost PC becomes many;"
        " counts and flags only, never names"
    ): (
        "Thừa tài khoản quản trị và đăng nhập yếu khiến mất một máy thành mất nhiều máy;"
        " chỉ đếm và ghi có/không, không bao giờ ghi tên"
    ),
    "An unlocked screen gives the desk's access to anyone who walks by": (
        "Màn hình không khóa cho người đi ngang quyền của người ngồi máy"
    ),
    "Remote access and old protocols are the usual way in": (
        "Truy cập từ xa và giao thức cũ là lối vào thường gặp"
    ),
    "Find unauthorised and outdated programs": "Tìm phần mềm trái phép và phần mềm cũ",
    "Know how far a report can be trusted: what it could read, how old it is": (
        "Biết báo cáo đáng tin đến đâu: đọc được gì, cũ hay mới"
    ),
    "The network's own word, independent of what the machine says about itself": (
        "Lời chứng của chính mạng, độc lập với điều máy tự khai"
    ),
    "Match the machine with its row in the register": "Đối chiếu máy với dòng trong sổ tài sản",
    "Match reports of one machine after it is re-imaged": ("Nhận ra cùng một máy sau khi cài lại"),
    "Rules differ for portable machines (disk encryption)": (
        "Máy xách tay có quy định riêng (mã hóa ổ đĩa)"
    ),
    "Recognise a machine whose mainboard was replaced": "Nhận ra máy đã thay bo mạch chủ",
    "Secure Boot and current Windows need UEFI": "Secure Boot và Windows hiện nay cần UEFI",
    "Secure baseline": "Cấu hình an toàn tối thiểu",
    "Disk encryption without a passphrase needs it": "Mã hóa ổ đĩa không cần mật khẩu cần có nó",
    "Notice memory that was removed": "Phát hiện RAM bị tháo",
    "Notice a disk that was swapped; plan replacement": (
        "Phát hiện ổ đĩa bị đổi; lập kế hoạch thay"
    ),
    "What staff call the machine; evidence for matching": (
        "Tên mà nhân viên gọi máy; căn cứ để đối chiếu"
    ),
    "Match the machine with what the scanner sees": "Đối chiếu máy với kết quả quét mạng",
    "Find services nobody asked for; compare with what the network sees": (
        "Tìm dịch vụ không ai yêu cầu; so với điều mạng nhìn thấy"
    ),
    "What should exist is known only from the register, so its own gaps must show": (
        "Chỉ sổ tài sản cho biết cái gì phải có, nên chỗ thiếu của sổ cũng phải hiện ra"
    ),
    "What nobody reports, registers or has seen for long is a finding in itself": (
        "Máy không ai báo cáo, không ai ghi sổ, lâu không ai thấy: chính điều đó là một phát hiện"
    ),
    "What a machine says and the network contradicts must be looked into before anybody signs it": (
        "Điều máy khai mà mạng cho thấy ngược lại phải được xem xét trước khi ai đó ký xác nhận"
    ),
}
