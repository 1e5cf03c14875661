#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Creates Chinook on private servers from its own scripts, and compares the report with SQLite's. usage: check_chinook_servers.py PROGRAM FOLDER

FOLDER has chinook.sqlite, Chinook_PostgreSql.sql and Chinook_MySql.sql. The report must be the same text to the last character, its counts of
statements included; only the URL differs. The PostgreSQL script calls its tables invoice_line, the others InvoiceLine: the URL says so.
"""
import difflib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

SERVERS = Path(__file__).resolve().parent / "servers.sh"
ARGUMENTS = [(), ("6", "1"), ("59", "3250")]  # a customer and a track; the first without


def load_postgresql(where, script):
    at = f"postgresql://{where.username}@{where.hostname}:{where.port}"
    run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", f"{at}{where.path}", "-f", str(script)])
    return f"{at}/chinook?names=snake_case"


def load_mariadb(where, script):
    with script.open("rb") as text:
        run(["mariadb", "--no-defaults", "--default-character-set=utf8mb4", f"--host={where.hostname}", f"--port={where.port}",
             f"--user={where.username}"], stdin=text, env={**os.environ, "MYSQL_PWD": where.password})
    return f"mariadb://{where.username}:{where.password}@{where.hostname}:{where.port}/Chinook"


LOADERS = {"postgresql": (load_postgresql, "Chinook_PostgreSql.sql"), "mariadb": (load_mariadb, "Chinook_MySql.sql")}


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    passed = failed = 0
    for server, (load, script) in LOADERS.items():
        try:
            url = run([str(SERVERS), "start", server, "--until", str(os.getpid())]).strip()
            place = load(urlsplit(url), folder / script)
            for arguments in ARGUMENTS:
                expected = run([program, str(folder / "chinook.sqlite"), *arguments])
                found = run([program, place, *arguments])
                if found == expected and found:
                    passed += 1
                    continue
                failed += 1
                print(f"{server}: the report differs from SQLite's")
                print("\n".join(difflib.unified_diff(expected.splitlines(), found.splitlines(), "sqlite", server, lineterm="")))
        except RuntimeError as problem:
            print(f"{server}: {problem}")
            failed += 1
        finally:
            subprocess.run([str(SERVERS), "stop", server], capture_output=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
