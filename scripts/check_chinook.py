#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the Chinook report and checks its figures against raw SQL. usage: check_chinook.py PROGRAM FILE

The report gives the rows of each of the eleven tables, the ten artists with most tracks, a customer's invoices with their lines, the
playlists with their number of tracks, the playlists of a track, and the employees as a tree. All that is read from its text is compared with what SQLite says.
"""
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
TOP_ARTISTS = """
    SELECT Artist.Name, count(*) FROM Artist JOIN Album USING (ArtistId) JOIN Track USING (AlbumId)
    GROUP BY ArtistId ORDER BY count(*) DESC, Artist.Name LIMIT 10"""
INVOICES = """
    SELECT InvoiceId, date(InvoiceDate), printf('%.2f', Total) FROM Invoice
    WHERE CustomerId = ? ORDER BY InvoiceDate"""
LINES = """
    SELECT InvoiceId, Quantity, CAST(InvoiceLine.UnitPrice AS TEXT), Track.Name
    FROM Invoice JOIN InvoiceLine USING (InvoiceId) JOIN Track USING (TrackId)
    WHERE CustomerId = ? ORDER BY InvoiceDate, InvoiceLineId"""
IN_ALL = "SELECT count(*), printf('%.2f', sum(Total)) FROM Invoice WHERE CustomerId = ?"
CUSTOMER = """
    SELECT Customer.FirstName || ' ' || Customer.LastName, Employee.FirstName || ' ' || Employee.LastName
    FROM Customer LEFT JOIN Employee ON EmployeeId = SupportRepId WHERE CustomerId = ?"""
EMPLOYEES = """
    SELECT E.FirstName || ' ' || E.LastName, M.FirstName || ' ' || M.LastName
    FROM Employee AS E LEFT JOIN Employee AS M ON M.EmployeeId = E.ReportsTo"""
PLAYLISTS = """
    SELECT PlaylistId, Name, (SELECT count(*) FROM PlaylistTrack WHERE PlaylistTrack.PlaylistId = Playlist.PlaylistId)
    FROM Playlist ORDER BY PlaylistId"""
PLAYLISTS_OF = """
    SELECT PlaylistId, Playlist.Name FROM PlaylistTrack JOIN Playlist USING (PlaylistId)
    WHERE TrackId = ? ORDER BY PlaylistId"""
TRACK = "SELECT Name, Title FROM Track JOIN Album USING (AlbumId) WHERE TrackId = ?"
BEST_CUSTOMER = "SELECT CustomerId FROM Invoice GROUP BY CustomerId ORDER BY sum(Total) DESC LIMIT 1"

SECTIONS = {"tables": "Rows in each table", "artists": "The ten artists with most tracks",
            "invoices": "A customer's invoices", "playlists": "The playlists", "track": "The playlists of a track",
            "employees": "Who reports to whom"}


def sections_of(text):
    """The lines below each heading."""
    found, current = {}, None
    for line in text.splitlines():
        name = next((n for n, title in SECTIONS.items() if line == title), None)
        if name:
            current = found.setdefault(name, [])
        elif current is not None:
            current.append(line)
    return {name: found.get(name, []) for name in SECTIONS}


def matches(pattern, lines):
    return [m.groups() for m in (re.match(pattern, line) for line in lines) if m]


def tree_pairs(lines):
    """(name, manager or None) of each line of the tree: three characters of indent are one step down."""
    pairs, path = [], []
    for line in lines:
        found = re.match(r"  ((?:[│ ]  |[├└]─ )*)([^,(]+), ", line)
        if not found:
            continue
        depth, name = len(found[1]) // 3, found[2]
        del path[depth:]
        pairs.append((name, path[-1] if path else None))
        path.append(name)
    return pairs


def invoice_lines(lines):
    """(invoice, quantity, price, track) of each line."""
    result, invoice = [], None
    for line in lines:
        if head := re.match(r"  invoice (\d+), ", line):
            invoice = int(head[1])
        elif item := re.match(r" +(\d+) x +(\S+)  (.*)$", line):
            result.append((invoice, int(item[1]), item[2], item[3]))
    return result


def invoice_checks(database, customer, lines):
    ask = lambda sql: [tuple(row) for row in database.execute(sql, (customer,))]
    name, support_rep = ask(CUSTOMER)[0]
    head = lines[0] if lines else ""
    invoices = [(int(number), day, total) for number, day, total in matches(r"  invoice (\d+), (\S+), total (\S+)$", lines)]
    in_all = [(int(n), total) for n, total in matches(r"  (\d+) invoices, (\S+) in all$", lines)]
    about = f"customer {customer}"
    yield f"{about} is {name}, looked after by {support_rep}", name in head and (support_rep or "") in head, head
    yield f"{about}: numbers, days and totals of the invoices", invoices == ask(INVOICES), invoices
    yield f"{about}: the lines of the invoices and the names of their tracks", invoice_lines(lines) == ask(LINES), lines
    yield f"{about}: number and sum of the invoices", in_all == ask(IN_ALL), in_all


def playlist_checks(database, lines):
    playlists = [(int(number), name, int(n)) for number, name, n in matches(r" +(\d+)\. (.+?) +(\d+) tracks$", lines)]
    expected = database.execute(PLAYLISTS).fetchall()
    yield "every playlist is there once, in order", [p[0] for p in playlists] == [p[0] for p in expected], playlists
    for number, name, count in expected:
        yield f"playlist {number}, {name}, has {count} tracks", (number, name, count) in playlists, playlists
    yield "the playlists take one statement", lines.count("  (1 statement)") == 1, lines


def track_checks(database, track, lines):
    name, album = database.execute(TRACK, (track,)).fetchone()
    expected = database.execute(PLAYLISTS_OF, (track,)).fetchall()
    playlists = sorted((int(number), name) for number, name in matches(r" +(\d+)\. (.+)$", lines))
    yield f"track {track} is {name}, on {album}", lines[:1] == [f"  {name}, on {album}"], lines
    yield f"track {track} is on the playlists {expected}", playlists == expected, playlists
    yield f"track {track}: number of playlists", f"  {len(expected)} playlists" in lines, lines
    yield f"track {track} takes three statements", "  (3 statements)" in lines, lines


def all_checks(database, report):
    """(what must hold, whether it does, what was read instead)"""
    counts = {name: int(n) for name, n in matches(r"  (\w+) +(\d+)$", report["tables"])}
    tables = [name for (name,) in database.execute(TABLES)]
    yield "there are eleven tables", len(tables) == 11 and sorted(counts) == tables, sorted(counts)
    for table in tables:
        (rows,) = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        yield f"{table} has {rows} rows", counts.get(table) == rows, counts.get(table)
    artists = [(name, int(n)) for name, n in matches(r" +\d+\. (.+?) +(\d+) tracks$", report["artists"])]
    expected = database.execute(TOP_ARTISTS).fetchall()
    yield "the ten artists stand in the order of their tracks", artists == expected, artists
    for name, count in expected:
        yield f"{name} has {count} tracks", (name, count) in artists, artists
    yield from invoice_checks(database, 1, report["invoices"])
    yield from playlist_checks(database, report["playlists"])
    yield from track_checks(database, 3403, report["track"])
    pairs = tree_pairs(report["employees"])
    yield "every employee is in the tree once", len(pairs) == len(set(pairs)), pairs
    for name, manager in database.execute(EMPLOYEES):
        yield f"{name} reports to {manager}", (name, manager) in pairs, pairs


def main():
    program, file = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "chinook.sqlite"  # the data may be read-only
        shutil.copyfile(file, copy)
        database = sqlite3.connect(copy)
        (best,) = database.execute(BEST_CUSTOMER).fetchone()
        run = lambda *arguments: subprocess.run([program, copy, *arguments], capture_output=True, text=True, cwd=scratch)
        result, other, unknown_track = run(), run(str(best), "1"), run("1", "0")
        unknown, missing = run("0"), subprocess.run([program, "missing.sqlite"], capture_output=True, text=True, cwd=scratch)
        checks = [("the report ends well", result.returncode == 0, result.stderr)]
        checks += all_checks(database, sections_of(result.stdout))
        checks += invoice_checks(database, best, sections_of(other.stdout)["invoices"])
        checks += track_checks(database, 1, sections_of(other.stdout)["track"])
        checks.append(("a track that is not there is an error", unknown_track.returncode == 1 and unknown_track.stderr, unknown_track.stderr))
        checks.append(("a customer that is not there is an error", unknown.returncode == 1 and unknown.stderr, unknown.stderr))
        checks.append(("a file that is not there is an error", missing.returncode == 1 and missing.stderr, missing.stderr))
        checks.append(("the report leaves nothing beside the file", [p.name for p in Path(scratch).iterdir()] == [copy.name],
                       list(Path(scratch).iterdir())))
        database.close()
    print(result.stdout)
    for what, holds, instead in checks:
        if not holds:
            print(f"not so: {what}; it is {instead}")
    failed = sum(not holds for _, holds, _ in checks)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
