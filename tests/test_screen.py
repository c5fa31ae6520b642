"""What a live view leaves behind when it is ended from outside."""

from __future__ import annotations

import os
import signal

import pytest

from portfolio.cli.screen import ended_softly


def test_a_plea_to_end_raises_so_that_the_terminal_is_put_right_and_the_handler_goes() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with pytest.raises(SystemExit) as ended, ended_softly():
        os.kill(os.getpid(), signal.SIGTERM)

    assert ended.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before
