"""Run every check beside this file: `python3 checks`. Ends with 1 if one finds a problem.

A check is a module with a function `problems(root)`; it yields one line for each thing wrong.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

sys.dont_write_bytecode = True


def main() -> int:
    here = Path(__file__).resolve().parent
    wrong = 0
    for name in sorted(path.stem for path in here.glob("[a-z]*.py")):
        found = list(import_module(name).problems(here.parent))
        print(f"{name}: {'ok' if not found else f'{len(found)} wrong'}")
        for problem in found:
            print(f"  {problem}")
        wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
