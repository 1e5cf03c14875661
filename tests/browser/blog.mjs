// SPDX-License-Identifier: MIT
// The blog and the browser for the tests of this folder.
import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as nodeTest } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { kind, newDatabase, rows } from './databases.mjs';

export { countOf, removeTrap, rows, setTrap, sql } from './databases.mjs';

/** A test, named after the database on which it runs. */
export const test = (title, ...rest) => nodeTest(`${title} [${kind}]`, ...rest);

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const program = process.env.KIN_BLOG ?? path.join(root, 'build/release/examples/blog/kin_blog');
const browserProgram = process.env.KIN_CHROMIUM ?? '/usr/bin/chromium';
const screenshots = path.join(root, 'build/test-output/screenshots', kind === 'sqlite' ? '' : kind);

/** The sizes of screen at which every page is looked at. */
export const screens = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
};

async function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts the blog on a free port, on a database of its own that it seeds itself.
 * Returns { url, database, output(), end(signal), stop() }: end() tells how the program ended, stop() also clears its folder away.
 */
export async function startBlog(extraArguments = []) {
  const folder = await mkdtemp(path.join(tmpdir(), 'kin-blog-'));
  const { place: database, drop } = await newDatabase(folder);
  const port = await freePort();
  const child = spawn(program, ['--port', String(port), '--database', database, ...extraArguments], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let gone = null;
  const ended = new Promise((resolve) => {
    child.on('error', (error) => { gone = String(error); resolve(); });
    child.on('exit', (code, signal) => { gone = `exit ${code ?? signal}`; resolve(); });
  });
  child.stdout.on('data', (bytes) => { output += bytes; });
  child.stderr.on('data', (bytes) => { output += bytes; });

  const end = async (signal) => {
    if (gone === null) {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    }
    return gone;
  };
  const stop = async () => {
    await end('SIGTERM');
    await drop();
    await rm(folder, { recursive: true, force: true });
  };

  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && gone === null) {
    const url = output.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
    if (url && await fetch(url).then((answer) => answer.body?.cancel() ?? true, () => false) !== false) {
      return { url, database, output: () => output, end, stop };
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  await stop();
  throw new Error(`the blog did not come up (${gone ?? 'no answer in 60 s'}):\n${output}`);
}

/** The number of SQL statements that the page says it took. */
export async function statements(page) {
  return Number(await page.locator('.sql-footer').getAttribute('data-statements'));
}

/** The post with most comments, and one that has none: [{ id, comments }, ...]. */
export async function postExtremes(blog) {
  const all = await rows(blog, `SELECT post.id, count(comment.id) FROM post LEFT JOIN comment ON post_id = post.id
                                GROUP BY post.id ORDER BY 2, 1`);
  const post = ([id, comments]) => ({ id: Number(id), comments: Number(comments) });
  return { most: post(all.at(-1)), none: post(all[0]) };
}

/** The post whose thread goes deepest: deeper than the indent does. */
export async function deepestThread(blog) {
  const [[post]] = await rows(blog, `WITH RECURSIVE t(id, depth, post) AS (
    SELECT id, 0, post_id FROM comment WHERE parent_id IS NULL UNION ALL
    SELECT comment.id, depth + 1, post_id FROM comment JOIN t ON parent_id = t.id)
    SELECT post FROM t ORDER BY depth DESC, post LIMIT 1`);
  return Number(post);
}

/** Writes a post in the form for it, and returns the status of the answer. */
export async function publishPost(blog, page, { title, content, tags = '', by }) {
  await page.goto(`${blog.url}/posts/new`);
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Text', { exact: true }).fill(content);
  await page.getByLabel('Tags').fill(tags);
  await page.getByLabel('Your user name').fill(by);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.getByRole('button', { name: 'Publish' }).click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
}

/** Sends a form as the blog's own pages would, or with other headers. */
export async function sendForm(blog, path, fields, headers = { origin: blog.url }) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return fetch(blog.url + path, { method: 'POST', body, headers, redirect: 'manual' });
}

/** Starts Chromium with a profile of its own, which goes with close(). */
export async function startBrowser() {
  return chromium.launch({
    executablePath: browserProgram,
    headless: true,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}

/**
 * Opens a page that keeps account: page.complaints has what the console and uncaught exceptions said, and every request
 * that was meant for another host than the blog (it is not sent).
 */
export async function openPage(browser, blog, screen = 'desktop') {
  const context = await browser.newContext({ viewport: screens[screen], deviceScaleFactor: 1 });
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.complaints.push(`exception: ${error}`));
  await context.route('**/*', (route) => {
    const wanted = route.request().url();
    if (wanted.startsWith(`${blog.url}/`) || wanted.startsWith('data:')) return route.continue();
    page.complaints.push(`request to ${wanted}`);
    return route.abort();
  });
  return page;
}

/** Keeps a picture of the whole page in build/test-output/screenshots. */
export async function keepScreenshot(page, name) {
  await mkdir(screenshots, { recursive: true });
  const screen = page.viewportSize();
  for (let i = 0; i < 2; ++i) { // what is far from the screen has no height of its own before it comes near
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ ...screen, height });
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  }
  await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });
  await page.setViewportSize(screen);
}

/** How many pixels the page is wider than the screen. */
export async function overhang(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
