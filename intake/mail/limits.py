"""How much of one mail is read: beyond this it is cut and says so.

The figures are Postfix's where it has one (header_size_limit, header_address_token_limit, mime_nesting_limit).
"""

from __future__ import annotations

MAX_HEADER_BLOCK = 100 * 1024
MAX_HEADER_FIELDS = 1000
MAX_HEADER_SCAN = 1024 * 1024
MAX_PARTS = 1000
DEEP_NESTING = 50
MAX_PARAMETERS = 100
MAX_ADDRESSES = 1000
MAX_IDENTIFIERS = 300
MAX_TEXT = 2_000_000
MAX_HTML = 1_000_000
MAX_HTML_TAGS = 20_000
MAX_HTML_DEPTH = 250
MAX_RETURNED_HEADERS = 64 * 1024
