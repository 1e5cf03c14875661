#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the Chinook report and checks its figures against raw SQL. usage: check_chinook.py PROGRAM FILE

The report must name the ten artists with most tracks, each with its count, and every employee.
"""
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

TOP_ARTISTS = """
    SELECT Artist.Name, count(*) FROM Artist JOIN Album USING (ArtistId) JOIN Track USING (AlbumId)
    GROUP BY ArtistId ORDER BY count(*) DESC, Artist.Name LIMIT 10"""
EMPLOYEES = "SELECT FirstName, LastName FROM Employee"


def main():
    program, file = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "chinook.sqlite"  # the report may not need to write; the data may be read-only
        shutil.copyfile(file, copy)
        result = subprocess.run([program, copy], capture_output=True, text=True, cwd=scratch)
        database = sqlite3.connect(copy)
        artists = database.execute(TOP_ARTISTS).fetchall()
        employees = database.execute(EMPLOYEES).fetchall()
        database.close()
    lines = result.stdout.splitlines()
    print(result.stdout)
    checks = [("the report ends well", result.returncode == 0)]
    for name, count in artists:
        checks.append((f"{name} has {count} tracks",
                       any(name in line and re.search(rf"\b{count}\b", line) for line in lines)))
    for first, last in employees:
        checks.append((f"{first} {last} is in the tree", any(first in line and last in line for line in lines)))
    for what, holds in checks:
        if not holds:
            print(f"not so: {what}")
    if result.returncode != 0:
        print(result.stderr)
    failed = sum(not holds for _, holds in checks)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
