"""Where a request comes from, in words for the person who is to judge it."""

import ipaddress

BROWSERS = (
    ("Edg", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""Most telling first: Chrome also says Safari, and Android also says Linux."""


def device_of(user_agent: str) -> str:
    """Return as "Chrome, Windows"; empty for what is unknown."""
    tables = (BROWSERS, SYSTEMS)
    found = (
        next((name for mark, name in table if mark in user_agent), "")
        for table in tables
    )
    return ", ".join(filter(None, found))


def is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
