"""What CI does before the tests: install a browser and tmux where it can, and go on where not."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "browser-and-terminal"
ROOTS = "#!/bin/sh\necho 0\n"
NOBODYS = "#!/bin/sh\necho 1000\n"

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("timeout"), reason="made for a Debian's tools"
)


class Machine:
    """A machine with these programs alone."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.programs.mkdir()
        self.calls = folder / "calls"
        for name in ("bash", "sh", "env", "timeout", "sleep"):
            (self.programs / name).symlink_to(str(shutil.which(name)))
        self.add("id", ROOTS)

    def add(self, name: str, text: str) -> None:
        program = self.programs / name
        program.write_text(text)
        program.chmod(0o755)

    def add_apt(self, then: str) -> None:
        self.add("apt-get", f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >>{self.calls}\n{then}\n')

    def run(self, longest_s: int = 60) -> str:
        """Run the script, which must end well and write nothing on stdout."""
        done = subprocess.run(
            [self.programs / "bash", SCRIPT, str(longest_s)],
            check=True,
            capture_output=True,
            text=True,
            env={"PATH": str(self.programs)},
            timeout=60,
        )
        assert done.stdout == ""
        return done.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_is_there_is_not_installed_again(machine: Machine) -> None:
    machine.add_apt("exit 0")
    machine.add("chromium-browser", ROOTS)
    machine.add("tmux", ROOTS)

    assert machine.run() == "ci: Chromium and tmux are here\n"
    assert not machine.calls.exists()


def test_only_what_is_absent_is_installed_and_nothing_is_asked(machine: Machine) -> None:
    machine.add_apt("exit 0")
    machine.add("chromium", ROOTS)

    assert machine.run().endswith("ci: installed tmux\n")
    update, install = machine.calls.read_text().splitlines()
    assert update.startswith("noninteractive ")
    assert update.endswith(" update")
    assert "-o DPkg::Lock::Timeout=" in install
    assert install.endswith(" install -y --no-install-recommends tmux")


def test_without_apt_ci_goes_on(machine: Machine) -> None:
    assert machine.run() == (
        "ci: no apt-get to install chromium fonts-dejavu-core tmux with;"
        " the tests that need them are skipped\n"
    )


@pytest.mark.parametrize("sudo", [None, "#!/bin/sh\nexit 1\n"])
def test_without_the_right_ci_goes_on(machine: Machine, sudo: str | None) -> None:
    machine.add("id", NOBODYS)
    machine.add_apt("exit 0")
    if sudo:
        machine.add("sudo", sudo)

    assert "no right to install" in machine.run()
    assert not machine.calls.exists()


def test_with_a_sudo_that_asks_nothing_it_is_used(machine: Machine) -> None:
    machine.add("id", NOBODYS)
    machine.add_apt("exit 0")
    machine.add("sudo", '#!/bin/sh\nshift\nexec "$@"\n')
    machine.add("true", "#!/bin/sh\n")

    assert "installed chromium" in machine.run()


def test_an_apt_that_fails_ends_nothing(machine: Machine) -> None:
    machine.add_apt("echo 'E: Could not get lock' >&2; exit 100")

    told = machine.run()

    assert "E: Could not get lock" in told
    assert told.endswith("could not be installed; the tests that need them are skipped\n")


def test_an_apt_that_hangs_is_ended(machine: Machine) -> None:
    machine.add_apt("sleep 50")
    begun = time.monotonic()

    assert "could not be installed" in machine.run(longest_s=1)
    assert time.monotonic() - begun < 20
