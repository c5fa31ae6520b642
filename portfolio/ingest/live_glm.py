"""Ask z.ai for the quota of a GLM plan, with a key that the user gave to us for it.

The key comes from the environment or from the operating system's keyring, goes to the one host of
the setting `glm.endpoint` and nowhere else: no redirect is followed, and nothing that is told or
kept holds it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from importlib import import_module
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from portfolio.ingest.live_child import MOST_BYTES, NoAnswerError, Patience

PATH: Final = "/api/monitor/usage/quota/limit"
VARIABLE: Final = "PORTFOLIO_GLM_KEY"
SERVICE: Final = "portfolio"  # in the keyring
USER: Final = "glm"
AT_MOST_S: Final = 20.0
KEY: Final = re.compile(r"[!-~]{8,512}")
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class Key:
    """A key that nothing prints by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text.strip()

    def __repr__(self) -> str:
        return "Key(hidden)"

    @property
    def is_usable(self) -> bool:
        """Tell whether it can stand in a header; what cannot is no key."""
        return KEY.fullmatch(self._text) is not None

    def request(self, url: str) -> Request:
        """Give the request that bears it."""
        headers = {
            "Authorization": f"Bearer {self._text}",
            "Accept": "application/json",
            "Accept-Language": "en",  # its messages are told to the user
            "User-Agent": "portfolio",
        }
        return Request(url, headers=headers)  # noqa: S310 - the setting allows http(s) only

    def hidden_in(self, text: str) -> str:
        """Give a text without it: an answer may say it again."""
        return text.replace(self._text, "***")


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirect: the key is for one host."""

    def redirect_request(self, *_: object) -> None:
        return None


def variable_of(account: str) -> str:
    """Name the variable with the key of one account.

    >>> variable_of("glm-a")
    'PORTFOLIO_GLM_KEY_GLM_A'
    """
    return f"{VARIABLE}_{re.sub('[^A-Z0-9]', '_', account.upper())}"


def keys_of(
    accounts: Sequence[str], environment: Mapping[str, str]
) -> tuple[list[tuple[str | None, Key]], str | None]:
    """Give the key of each GLM account that has one, and what has to be said of them.

    The key without an account's name in it is that of the one account; where there are several,
    nobody can say whose it is, and it is not used. Where there is none yet, it is nobody's so far.
    """
    own = {account: variable_of(account) for account in accounts}
    shared = {name for name in own.values() if list(own.values()).count(name) > 1}
    found: list[tuple[str | None, Key]] = []
    for account, name in own.items():
        said = "" if name in shared else environment.get(name, "").strip()
        if text := said or _in_keyring(account):
            found.append((account, Key(text)))
    if found:
        return found, None
    general = environment.get(VARIABLE, "").strip() or _in_keyring(USER)
    if not general:
        return [], None
    if len(accounts) > 1:
        names = ", ".join(own.values())
        return [], f"{VARIABLE} could be the key of {' or '.join(accounts)}: give it as {names}"
    return [(accounts[0] if accounts else None, Key(general))], None


def has_keyring() -> bool:
    """Tell whether a keyring can be looked into; it is not opened for that."""
    from importlib.util import find_spec

    return find_spec("keyring") is not None


def _in_keyring(user: str) -> str:
    """Give the key that the keyring holds for a user name; "" where there is none."""
    if not has_keyring():
        return ""
    keyring = import_module("keyring")
    try:
        return str(keyring.get_password(SERVICE, user) or "").strip()
    except keyring.errors.KeyringError:  # locked, or there is none on this machine
        return ""


def ask_glm(key: Key, *, endpoint: str, patience: Patience) -> str:
    """Give the quota endpoint's answer, without the key.

    Raises:
        NoAnswerError: There was no answer, or none that could be one.
    """
    if not key.is_usable:
        raise NoAnswerError(
            "the key that was given is no key: blanks or strange characters are in it"
        )
    host = urlsplit(endpoint).hostname
    is_here = host in LOOPBACK
    opener = build_opener(_NoRedirect, *([ProxyHandler({})] if is_here else []))
    request = key.request(endpoint.rstrip("/") + PATH)
    try:
        with opener.open(request, timeout=min(AT_MOST_S, patience.left_s or 1.0)) as answer:
            body = bytearray()
            while chunk := answer.read1(1 << 16):
                patience.check()
                body += chunk
                if len(body) > MOST_BYTES:
                    raise NoAnswerError(f"{host} said more than a meter takes")
    except HTTPError as error:
        raise NoAnswerError(_refusal(str(host), error)) from None
    except (OSError, HTTPException, ValueError) as error:  # their words may hold the key
        raise NoAnswerError(f"{host} gave no answer ({_reason(error, key)})") from None
    return key.hidden_in(body.decode("utf-8", "replace"))


def _refusal(host: str, error: HTTPError) -> str:
    if 300 <= error.code < 400:
        return f"{host} sent us elsewhere (HTTP {error.code}), which was not followed with your key"
    if error.code in (401, 403):
        return f"{host} refused the key (HTTP {error.code})"
    return f"{host} answered with HTTP {error.code}"


def _reason(error: Exception, key: Key) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    words = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return key.hidden_in(words) or type(cause).__name__
