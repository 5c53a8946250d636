"""The page about messages: every code with its default level, its wording and what to do, from the table of codes.

``python -m granger.engine.writers.message_reference docs/messages.md`` writes the page (``make docs``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from ..messages import MESSAGES

INTRO = """# Messages

<!-- Generated from engine/messages by `make docs`: change the wording there, not this page. -->

Every message has a code that never changes, a level, a sentence that says what was found and what was expected, and
mostly a line that says what to do. An *error* in a policy keeps the workspace from loading (exit code 2), an error in
the data stops the run (exit code 3), and one that the run itself finds makes it end with exit code 1. A *warning* is
shown, and the run goes on.

Words in *⟨these brackets⟩* are filled in.
"""


def message_reference() -> str:
    """The whole page, sorted by code."""
    rows = []
    for code, wording in sorted(MESSAGES.items()):
        cells = (f"`{code}`", str(wording.severity), _shown(wording.message), _advice(wording.help))
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([INTRO, "| code | level | message | what to do |", "|---|---|---|---|", *rows]) + "\n"


def main(arguments: Sequence[str]) -> int:
    page = message_reference()
    if arguments:
        Path(arguments[0]).write_text(page, encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(page)
    return 0


def _advice(template: str) -> str:
    """Advice that is found only with the mistake itself has no wording to show."""
    if not template:
        return "—"
    return "the message says" if re.fullmatch(r"\{\w+\}", template) else _shown(template)


def _shown(template: str) -> str:
    """A template as Markdown: what stands between its ticks is kept, and ⟨name⟩ stands for what is filled in."""
    named = re.sub(r"\{\{|\}\}|\{(\w+)(?:![rs])?(?::[^}]*)?\}", _slot, template).replace("|", "\\|")
    return "".join(part if part.startswith("`") else _prose(part) for part in re.split(r"(`[^`]*`)", named)).strip()


def _prose(text: str) -> str:
    return re.sub(r"(?<!\w)_|_(?!\w)|[*<\[\]]", r"\\\g<0>", text)


def _slot(found: re.Match[str]) -> str:
    return f"⟨{found[1].replace('_', ' ')}⟩" if found[1] else found[0][0]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
