"""Programs as they are found on office PCs: the lists of the section ``software``."""

from __future__ import annotations

from typing import Any

from rasoat.simulated.chance import chance

#: name, version, publisher, share of the PCs that have it
_WINDOWS = (
    ("7-Zip 24.08 (x64)", "24.08", "Igor Pavlov", 0.5),
    ("Cốc Cốc", "139.0.234", "Công ty TNHH Cốc Cốc", 0.35),
    ("Google Chrome", "142.0.7444.163", "Google LLC", 0.95),
    ("Hỗ trợ kê khai 5.3.5", "5.3.5", "Cục Thuế", 0.3),
    ("iTaxViewer 2.4.3", "2.4.3", "Cục Thuế", 0.3),
    ("Microsoft Edge", "142.0.3595.80", "Microsoft Corporation", 0.85),
    ("Microsoft Office Professional Plus 2016", "16.0.4266.1001", "Microsoft Corporation", 0.45),
    ("Microsoft 365 Apps for enterprise - vi-vn", "16.0.19328", "Microsoft Corporation", 0.3),
    ("Mozilla Firefox (x64 vi)", "128.14.0", "Mozilla", 0.3),
    ("TeamViewer", "15.63.5", "TeamViewer", 0.08),
    ("UltraViewer version 6.6.109", "6.6.109", "DucFabulous Co,.Ltd", 0.42),
    ("AnyDesk", "ad 9.0.4", "AnyDesk Software GmbH", 0.06),
    ("UniKey 4.3 RC5", "4.3 RC5", "", 0.97),
    ("VNPT-CA Plugin version 1.0.4.9", "1.0.4.9", "VNPT", 0.5),
    ("WinRAR 6.24 (64-bit)", "6.24.0", "win.rar GmbH", 0.6),
    ("Zalo 25.8.2", "25.8.2", "VNG Corp.", 0.7),
    ("Foxit PDF Reader", "2024.4.0", "Foxit Software Inc.", 0.4),
    ("Phần mềm MÔ PHỎNG kế toán", "2026.1", "SIMULATED", 0.25),
)
_LINUX = (
    ("apt", "2.7.14", "amd64", 1.0),
    ("bash", "5.2.21-2", "amd64", 1.0),
    ("libreoffice-writer", "4:24.2.7", "amd64", 0.9),
    ("firefox-esr", "128.14.0", "amd64", 0.8),
    ("ibus-unikey", "0.7.0", "amd64", 0.9),
    ("openssh-server", "1:9.6p1", "amd64", 0.5),
    ("systemd", "255.4-1", "amd64", 1.0),
    ("ufw", "0.36.2", "all", 1.0),
)


def windows(seed: int) -> list[dict[str, Any]]:
    """The programs of a Windows PC."""
    draws = chance("software", seed)
    return [
        {
            "name": name,
            "version": version,
            **({"publisher": publisher} if publisher else {}),
            "source": "registry",
            "architecture": "x86_64",
        }
        for name, version, publisher, share in _WINDOWS
        if draws.random() < share
    ]


def linux(seed: int) -> list[dict[str, Any]]:
    """The packages of a PC with Linux, a few of them."""
    draws = chance("software", seed)
    return [
        {"name": name, "version": version, "architecture": architecture, "source": "dpkg"}
        for name, version, architecture, share in _LINUX
        if draws.random() < share
    ]
