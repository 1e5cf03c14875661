// SPDX-License-Identifier: MIT
// The program itself, on a file: ports, starting again, other data, ending.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { program, root, rows, sql, startBlog, test } from './blog.mjs';

const data = path.join(process.env.KIN_DATA ?? path.join(root, '../shared/data'), 'blog');

test('a taken port makes it take the next free one, on this machine only', async () => {
  const first = await startBlog();
  const second = await startBlog(['--port', new URL(first.url).port]);
  try {
    assert.notEqual(second.url, first.url);
    assert.ok(Number(new URL(second.url).port) > Number(new URL(first.url).port));
    assert.match(second.url, /^http:\/\/127\.0\.0\.1:/);
  } finally {
    await Promise.all([first.stop(), second.stop()]);
  }
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} ends it with code 0, and the database is whole`, async () => {
    const blog = await startBlog();
    await (await fetch(blog.url)).text();
    assert.equal(await blog.end(signal), 'exit 0');
    assert.deepEqual(await rows(blog, 'PRAGMA integrity_check'), [['ok']]);
    await blog.stop();
  });
}

test('the second start keeps what the first one had', async () => {
  const blog = await startBlog();
  await blog.end('SIGTERM');
  const { stdout } = await promisify(execFile)(program, ['--database', blog.database, '--seed-only']);
  assert.match(stdout, /left as it is/);
  assert.match(stdout, /200 users, 2,000 posts, 8,000 comments, \d+ tags/);
  await blog.stop();
});

test('the real blog is imported whole', { skip: !existsSync(data) && 'the data is not here' }, async () => {
  const blog = await startBlog(['--data', data]);
  try {
    assert.match(blog.output(), /208 users, 251 posts, 340 comments, 170 tags/);
    assert.deepEqual(await rows(blog, `SELECT (SELECT count(*) FROM "user"), (SELECT count(*) FROM post), (SELECT count(*) FROM comment),
                                              (SELECT count(*) FROM tag), (SELECT count(*) FROM post_tag)`),
      [['208', '251', '340', '170', '714']]);
    const text = await (await fetch(`${blog.url}/posts/1`)).text();
    assert.match(text, /His mother had always taught him/);
    for (const tag of ['american', 'crime', 'history']) assert.ok(text.includes(`href='/tags/${tag}'`), tag);
  } finally {
    await blog.stop();
  }
});

test('a database of a blog without replies is refused, and left as it was', async () => {
  const blog = await startBlog();
  await blog.end('SIGTERM');
  await sql(blog, `DROP TABLE post_tag; DROP TABLE tag; DROP TABLE comment;
                   CREATE TABLE comment (id INTEGER PRIMARY KEY, content TEXT NOT NULL)`);
  await assert.rejects(promisify(execFile)(program, ['--database', blog.database, '--seed-only']),
    (error) => error.code === 1 && error.stderr.includes(`${blog.database} was filled by an earlier blog; remove it`));
  assert.deepEqual(await rows(blog, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1"),
    [['comment'], ['post'], ['user']]);
  await blog.stop();
});

test('wrong arguments are explained, missing data is named', async () => {
  const run = (...given) => new Promise((resolve) => {
    const child = spawn(program, given);
    let said = '';
    child.stderr.on('data', (bytes) => { said += bytes; });
    child.on('close', (code) => resolve([code, said]));
  });
  for (const given of [['--port', 'x'], ['--port', '0'], ['--port', '65536'], ['--port'], ['--what']]) {
    const [code, said] = await run(...given);
    assert.equal(code, 2, given.join(' '));
    assert.match(said, /usage: kin_blog/);
  }
  const [code, said] = await run('--database', '/nowhere/blog.db', '--seed-only');
  assert.equal(code, 1);
  assert.match(said, /^kin_blog: .*\/nowhere/);
});
