"""A real browser, driven through its debugging pipe: open a page, ask it, use it.

Nothing but the standard library: commands and answers are JSON texts that end with a zero byte
(Chrome DevTools Protocol, ``--remote-debugging-pipe``: descriptor 3 in, descriptor 4 out).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")

_OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-pipe",
)


def find_chromium() -> str | None:
    """Path of an installed Chromium, or ``None``."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@dataclass
class Tab:
    """One page of a running browser; ``events`` holds what it has told unasked."""

    commands: Any
    answers: Any
    session: str | None = None
    number: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command, and wait for its answer."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.commands.write(json.dumps(message).encode() + b"\0")
        self.commands.flush()
        while True:
            answer = self._read()
            if answer.get("id") == self.number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _read(self) -> dict[str, Any]:
        text = bytearray()
        while (byte := self.answers.read(1)) != b"\0":
            assert byte, "the browser has ended"
            text += byte
        message: dict[str, Any] = json.loads(text)
        return message

    def wait_for(self, method: str) -> dict[str, Any]:
        """Wait until the page tells of an event."""
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self._read())
        return next(event for event in self.events if event.get("method") == method)

    def ask(self, expression: str) -> Any:
        """Value of a JavaScript expression in the page; the page's own policy does not apply."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def resize(self, width: int, height: int = 900) -> None:
        """Show the page as on a screen of that size."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 500,
        )  # fmt: skip

    def press(self, key: str, code: int) -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code
            )


@contextmanager
def opened(path: Path, profile: Path) -> Iterator[Tab]:
    """Open a file in a new browser with an empty profile; close it afterwards."""
    chromium = find_chromium()
    assert chromium is not None, "look with find_chromium() first"
    command_end, commands = os.pipe()
    answers, answer_end = os.pipe()
    script = f'exec "$0" "$@" 3<&{command_end} 4>&{answer_end}'
    arguments = [*_OPTIONS, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(
        ["bash", "-c", script, chromium, *arguments],
        pass_fds=(command_end, answer_end),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(command_end)
    os.close(answer_end)
    try:
        with os.fdopen(commands, "wb") as writer, os.fdopen(answers, "rb") as reader:
            tab = Tab(writer, reader)
            target = tab.send("Target.createTarget", url="about:blank")["targetId"]
            attached = tab.send("Target.attachToTarget", targetId=target, flatten=True)
            tab.session = attached["sessionId"]
            for domain in ("Page", "Network", "Runtime", "DOM", "CSS"):
                tab.send(f"{domain}.enable")
            tab.send("Page.navigate", url=path.as_uri())
            tab.wait_for("Page.loadEventFired")
            yield tab
    finally:
        process.terminate()
        process.wait(timeout=30)
