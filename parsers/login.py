"""Tell logins apart without keeping the provider's own id of them.

The statusline loads this each time it takes a capture: nothing slow may be imported here.
"""

try:  # hashlib loads OpenSSL for the same function, which takes a third of Python's own start
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b


def login_digest(identity: str) -> str:
    """Give the digest of a provider's id of a login (account, organisation), whatever its case.

    >>> login_digest("6b0f0A5e-0000-4000-8000-000000000001")
    '2d9762ed2c79bf93'
    """
    return blake2b(identity.strip().lower().encode("utf-8", "replace"), digest_size=8).hexdigest()
