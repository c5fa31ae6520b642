from __future__ import annotations

import pytest

from parsers.login import login_in_claude_json


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"", False),
        (b'{"oauthAccount": null}', False),
        (b'{"oauthAccount": {"accountUuid": 7}}', False),
        (b'{"oauthAccount": {"accountUuid": "u-1"', False),
        (b'{"text": "\\"oauthAccount\\": {\\"accountUuid\\": \\"u-1\\"}"}', False),
        (b'{"cachedUsageUtilization": {"accountUuid": "u-1"}}', False),
        (b'{"oauthAccount" : {"x": {"y": "}"}, "accountUuid": "u-1"}}', True),
        (b"\xff" * 5_000_000 + b'"oauthAccount":\n{"accountUuid":"U-1"},' + b"\xff" * 90_000, True),
    ],
)
def test_only_the_object_of_the_login_names_it(raw: bytes, *, named: bool) -> None:
    known, _ = login_in_claude_json(b'"oauthAccount":{"accountUuid":"u-1"}')

    assert login_in_claude_json(raw) == (known if named else "", "")
