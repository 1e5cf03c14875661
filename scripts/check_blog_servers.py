#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Serves the blog on SQLite, PostgreSQL and MariaDB, and compares its pages; then serves it by `./run --db`. usage: check_blog_servers.py PROGRAM

Each blog is filled by the program itself, with the same posts. The pages that the links of the home page lead to, what is answered to forms, good and
bad ones, and the pages afterwards must be the same text, their counts of statements included; only milliseconds and the time of what was written just now differ.
"""
import contextlib
import os
import pty
import re
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVERS = ROOT / "scripts" / "servers.sh"
PAGES = 150
LINK = re.compile(r"href='(/[^'#]*)")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Blog:
    """The command, serving; `end` stops it."""

    def __init__(self, command, folder):
        self.log = Path(folder) / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([*command, "--port", str(free_port())], cwd=folder, stdout=subprocess.PIPE, stderr=log)
        self.said = b""
        for line in self.process.stdout:
            self.said += line
            found = re.search(rb"http://127\.0\.0\.1:\d+", line)
            if found:
                self.url = found[0].decode()
                return
        raise RuntimeError(f"the blog did not come up: {self.log.read_text()[-1000:]}")

    def end(self):
        self.process.terminate()
        self.process.communicate()

    def ask(self, path, form=None):
        """Status, place and text of the answer."""
        request = urllib.request.Request(self.url + path, headers={"Origin": self.url})
        if form is not None:
            request.data = urllib.parse.urlencode(form).encode()
        try:
            with urllib.request.build_opener(Still).open(request, timeout=60) as answer:
                return answer.status, answer.headers.get("Location", ""), neutral(answer.read().decode(), self.url)
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers.get("Location", ""), neutral(answer.read().decode(), self.url)


class Still(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_):
        return None


def neutral(text, url):
    text = re.sub(r"[\d.]+ ms</p>", "ms</p>", text.replace(url, ""))
    today = r"<time datetime='20(?!2[0-5])[^<]*</time>"  # the invented posts end in 2025
    return re.sub(today, "<time>now</time>", text)


def crawl(blog):
    """The paths of pages, the home page first."""
    known, texts = ["/"], {}
    for path in known:
        if len(texts) == PAGES:
            break
        texts[path] = blog.ask(path)
        for link in LINK.findall(texts[path][2]):
            link = link.replace("&amp;", "&")
            if link not in known and not link.endswith((".css", ".svg")):
                known.append(link)
    return texts


def write(blog, author):
    """What is answered to forms, and the pages afterwards."""
    post = {"title": "A title with ' and \"", "content": "A text with \U0001f642 and \\ and %", "tags": "new, crime", "author": author}
    answers = [blog.ask("/posts", post), blog.ask("/posts", {**post, "title": ""}), blog.ask("/posts", {**post, "author": "nobody"})]
    place = answers[0][1]
    answers += [blog.ask(f"{place}/comments", {"content": "Well said.", "author": author}), blog.ask("/comments/8001/replies", {"content": "Indeed.", "author": author}),
                blog.ask("/posts/999999/comments", {"content": "x", "author": author})]
    return answers + [blog.ask(path) for path in (place, "/", "/tags", "/tags/new", "/users/1", "/nothing")]


def served_by_run(server):
    """Whether `./run --db SERVER` fills and serves the blog on a server of its own, which ends with it."""
    with tempfile.TemporaryDirectory() as folder:
        blog = Blog([str(ROOT / "run"), "--yes", "--db", server], folder)
        try:
            return b"2,000 posts" in blog.said and blog.ask("/")[0] == 200
        finally:
            blog.end()


def drawn_on_a_terminal(program):
    """What is drawn while a database is filled."""
    ours, its = pty.openpty()
    drawn = b""
    with tempfile.TemporaryDirectory() as folder:
        filling = subprocess.Popen([program, "--database", f"{folder}/blog.db", "--seed-only"], stdout=subprocess.DEVNULL, stderr=its)
        os.close(its)
        with contextlib.suppress(OSError):  # a terminal that everybody has left
            while piece := os.read(ours, 65536):
                drawn += piece
        filling.wait()
    os.close(ours)
    return drawn.decode()


def main():
    program = str(Path(sys.argv[1]).resolve())
    passed = failed = 0
    expected = None
    for server in ("sqlite", "postgresql", "mariadb"):
        with tempfile.TemporaryDirectory() as folder:
            blog = None
            try:
                database = f"{folder}/blog.db"
                if server != "sqlite":
                    started = subprocess.run([str(SERVERS), "start", server, "--until", str(os.getpid())], capture_output=True, text=True, check=True)
                    database = started.stdout.strip()
                blog = Blog([program, "--database", database], folder)
                pages = crawl(blog) if expected is None else {path: blog.ask(path) for path in expected[0]}
                author = re.search(r"@([\w.]+)", pages.get("/users/1", blog.ask("/users/1"))[2])[1]
                forms = write(blog, author)
                if expected is None:
                    expected = (pages, forms)
                    well = sum(status == 200 for status, _, _ in pages.values()) == len(pages) > 50 and forms[0][0] == 303
                    passed, failed = passed + well, failed + (not well)
                    if not well:
                        print(f"sqlite: {len(pages)} pages, the first form was answered with {forms[0][0]}")
                    continue
                differing = [path for path in pages if pages[path] != expected[0][path]]
                differing += [f"form or page {i}" for i, (a, b) in enumerate(zip(forms, expected[1])) if a != b]
                passed += len(pages) + len(forms) - len(differing)
                failed += len(differing)
                for path in differing[:10]:
                    print(f"{server}: {path} differs from SQLite's")
            except (RuntimeError, subprocess.CalledProcessError, OSError) as problem:
                print(f"{server}: {problem}")
                failed += 1
            finally:
                if blog:
                    blog.end()
                if server != "sqlite":
                    subprocess.run([str(SERVERS), "stop", server], capture_output=True)
    bars = re.findall(r"\u2588* *\u2591*(?= \d+ of 10200)", drawn_on_a_terminal(program))
    checks = {"a progress bar that grows while the database is filled": len(bars) > 50 and bars[0] != bars[-1]}
    for server in ("postgresql", "mariadb"):
        checks[f"./run --db {server}"] = served_by_run(server)
    for what, holds in checks.items():
        if not holds:
            print(f"failed: {what}")
        passed, failed = passed + holds, failed + (not holds)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
