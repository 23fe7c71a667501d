"""Run every check: lint, format, types, import contracts, tests with coverage."""

from __future__ import annotations

import subprocess
import sys
import time

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    ("pytest", "-n", "auto", "--dist", "worksteal", "--cov", "--cov-report=term"),
)


def main() -> int:
    """Run all checks, even after one fails; return 1 if any did."""
    failed = []
    for check in CHECKS:
        name = " ".join(check)
        print(f"\n== {name}", flush=True)
        begun = time.monotonic()
        # import-linter has no __main__ of its own.
        command = (
            [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
            if check[0] == "lint-imports"
            else [sys.executable, "-m", *check]
        )
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
        print(f"== {name}: {time.monotonic() - begun:.0f} s", flush=True)
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall checks passed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
