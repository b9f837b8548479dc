"""`director doctor`: what this machine has, and the mend for what it lacks."""

import argparse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from director.cli.command import Command, Outcome
from director.cli.options import add_json
from director.cli.progress import ProgressLine

__all__ = ["COMMAND"]


def _declare(parser: argparse.ArgumentParser) -> None:
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.cli.checks import check_names, run_apart

    names = check_names()
    progress = ProgressLine()
    findings = {}
    try:
        # Each check is a process of its own and mostly waits for libraries to load.
        with ThreadPoolExecutor(max_workers=4) as pool:
            progress(0.0, f"checking {names[0]}")
            for i, (name, finding) in enumerate(zip(names, pool.map(run_apart, names), strict=True), start=1):
                findings[name] = finding
                progress(i / len(names), f"checking {names[min(i, len(names) - 1)]}")
    finally:
        progress.clear()
    rows = []
    for name, finding in findings.items():
        rows.append(f"{'ok  ' if finding.ok else 'lack'}  {name:<10}  {finding.found}")
        if not finding.ok and finding.mend:
            rows.append(f"{'':18}mend: {finding.mend}")
    return Outcome("\n".join(rows), {name: asdict(finding) for name, finding in findings.items()})


COMMAND = Command("doctor", "what this machine has, and the mend for what it lacks", _declare, _run)
