"""Tell logins apart without keeping the provider's own id of them.

The statusline loads this before a prompt: nothing slow may be imported here.
"""

from parsers.quick_json import leading

try:  # hashlib loads OpenSSL for the same function, which takes a third of Python's own start
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

ACCOUNT = b'"oauthAccount"'  # inside a text its quotes would be escaped
MOST_BYTES = 65_536  # of the object behind it


def digest(text: str) -> str:
    """Give a short digest of a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def login_digest(identity: str) -> str:
    """Give the digest of a provider's id of a login (account, organisation), whatever its case.

    >>> login_digest("6b0f0A5e-0000-4000-8000-000000000001")
    '2d9762ed2c79bf93'
    """
    return digest(identity.strip().lower())


def login_in_claude_json(raw: bytes) -> tuple[str, str]:
    """Give the digests of the account and organisation that Claude Code's `.claude.json` is on.

    The file may be megabytes of other things: only the object that names the login is decoded.
    What is not named is "".

    >>> login_in_claude_json(b'{"a": 1, "oauthAccount": {"accountUuid": "6B0F"}, "b": 2}')
    ('fec92b04cdd39883', '')
    """
    at = raw.find(ACCOUNT)
    behind = raw[at + len(ACCOUNT) :][:MOST_BYTES].decode("utf-8", "replace").lstrip()
    try:
        account = leading(behind.removeprefix(":").lstrip()) if at >= 0 else None
    except ValueError:
        account = None
    if not isinstance(account, dict):
        return "", ""
    ids = (account.get("accountUuid"), account.get("organizationUuid"))
    first, second = (login_digest(one) if isinstance(one, str) and one else "" for one in ids)
    return first, second
