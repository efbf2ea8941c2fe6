"""The register: which machines should exist, taken in from the spreadsheets that offices keep."""
