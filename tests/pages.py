"""What a page would load from elsewhere when it is opened; links that somebody has to follow are none of it."""

import re

LOADS = re.compile(
    r"""<(?:script|img|iframe|embed|source|video|audio|object|link|base|form)\b[^>]*\b(?:src|href|data|action|srcset)\s*=\s*["']?\s*(?:https?:)?//"""
    r"""|@import|url\(\s*["']?\s*(?:https?:)?//|\bfetch\(|XMLHttpRequest|<meta[^>]*http-equiv=["']?refresh""",
    re.IGNORECASE,
)
