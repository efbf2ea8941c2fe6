"""Digital signatures on the report: the empty fields, signing, and what a signed copy is worth."""
