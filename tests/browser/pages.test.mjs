// SPDX-License-Identifier: MIT
// What a reader sees: lists, paging, posts, users, and pages that are not there.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { openPage, postExtremes, rows, startBlog, startBrowser, statements, test } from './blog.mjs';

let blog;
let browser;
let page;

before(async () => {
  blog = await startBlog();
  browser = await startBrowser();
  page = await openPage(browser, blog);
});

after(async () => {
  await browser?.close();
  await blog?.stop();
});

test('the seed is 200 users, 2,000 posts and 8,000 comments', async () => {
  const counts = await rows(blog, `SELECT (SELECT count(*) FROM "user"), (SELECT count(*) FROM post),
                                          (SELECT count(*) FROM comment)`);
  assert.deepEqual(counts, [['200', '2000', '8000']]);
});

test('the home page shows ten posts, the newest first, each with author and number of comments', async () => {
  await page.goto(`${blog.url}/`);
  const expected = await rows(blog, `SELECT title, name, (SELECT count(*) FROM comment WHERE post_id = post.id)
    FROM post JOIN "user" ON "user".id = user_id ORDER BY created_at DESC, post.id DESC LIMIT 10`);
  const shown = await page.locator('.entry').evaluateAll((entries) => entries.map((entry) => [
    entry.querySelector('h2').textContent,
    entry.querySelector('.author').lastChild.textContent,
    String(parseInt(entry.querySelector('.comments').textContent, 10) || 0),
  ]));
  assert.deepEqual(shown, expected);
});

test('paging leads to every page and back, and no further', async () => {
  await page.goto(`${blog.url}/`);
  assert.equal(await page.getByRole('link', { name: 'Newer', exact: true }).count(), 0);
  const first = await page.locator('.entry h2').allInnerTexts();
  await page.getByRole('link', { name: 'Older', exact: true }).click();
  assert.equal(page.url(), `${blog.url}/?page=2`);
  assert.notDeepEqual(await page.locator('.entry h2').allInnerTexts(), first);
  await page.getByRole('link', { name: 'Newer', exact: true }).click();
  assert.deepEqual(await page.locator('.entry h2').allInnerTexts(), first);
  await page.getByRole('link', { name: '200', exact: true }).click();
  assert.equal(await page.locator('.entry').count(), 10);
  assert.equal(await page.getByRole('link', { name: 'Older', exact: true }).count(), 0);
});

test('pages that are not there, and nonsense for a number, are 404 pages', async () => {
  for (const number of ['0', '-1', '201', '1x', '', '1.5', 'null', '18446744073709551617', '%27', '%00']) {
    const answer = await page.goto(`${blog.url}/?page=${number}`);
    assert.equal(answer.status(), 404, `?page=${number}`);
    assert.match(await page.locator('h1').innerText(), /nothing here/);
  }
});

test('unknown ids and unknown addresses are 404 pages', async () => {
  const unknown = ['/posts/0', '/posts/2001', '/posts/9223372036854775807', '/posts/9223372036854775808', '/posts/x',
    `/users/${'9'.repeat(40)}`, `/users/${'9'.repeat(4000)}`, '/users/-1', '/users/', '/nothing', '/%00', '/../etc/passwd'];
  for (const path of unknown) {
    const answer = await fetch(blog.url + path);
    assert.equal(answer.status, 404, path);
    assert.match(await answer.text(), /There is nothing here/, path);
  }
});

test('the footer counts the statements, and pages take the same number wherever one looks', async () => {
  const { most, none } = await postExtremes(blog);
  assert.ok(most.comments >= 20 && none.comments === 0);
  const count = {};
  for (const path of ['/', '/?page=5', '/?page=200', `/posts/${most.id}`, `/posts/${none.id}`, '/users/1', '/users/150',
    '/tags', '/tags/kitchen', '/tags/honey', '/posts/new', '/nothing']) {
    await page.goto(blog.url + path);
    count[path] = await statements(page);
    assert.match(await page.locator('.sql-footer').innerText(), /^\d+ statements?, \d+\.\d ms$/);
  }
  assert.equal(count['/'], 5);
  assert.equal(count['/?page=5'], count['/']);
  assert.equal(count['/?page=200'], count['/']);
  assert.equal(count[`/posts/${most.id}`], 5);
  assert.equal(count[`/posts/${none.id}`], 4); // nobody commented, so no authors to ask for
  assert.equal(count['/users/1'], 6);
  assert.equal(count['/users/150'], count['/users/1']);
  assert.equal(count['/tags'], 1);
  assert.equal(count['/tags/kitchen'], 6);
  assert.equal(count['/tags/honey'], count['/tags/kitchen']);
  assert.equal(count['/posts/new'], 0);
  assert.equal(count['/nothing'], 0);
});

test('from a post one gets to its author, and there to all his posts', async () => {
  await page.goto(`${blog.url}/posts/7`);
  const name = await page.locator('.post .author').evaluate((author) => author.lastChild.textContent);
  await page.locator('.post .author').click();
  assert.equal(await page.locator('h1').innerText(), name);
  const [[id, posts]] = await rows(blog, `SELECT user_id, (SELECT count(*) FROM post AS his WHERE his.user_id = post.user_id)
                                          FROM post WHERE id = 7`);
  assert.equal(page.url(), `${blog.url}/users/${id}`);
  let seen = await page.locator('.entry').count();
  while (await page.getByRole('link', { name: 'Older', exact: true }).count()) {
    await page.getByRole('link', { name: 'Older', exact: true }).click();
    seen += await page.locator('.entry').count();
  }
  assert.equal(seen, Number(posts));
});

test('pages forbid scripts, frames and other hosts', async () => {
  for (const path of ['/', '/posts/1', '/nothing']) {
    const { headers } = await fetch(blog.url + path);
    assert.match(headers.get('content-security-policy'), /default-src 'none'/);
    assert.doesNotMatch(headers.get('content-security-policy'), /unsafe|script-src/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'same-origin');
  }
});

test('HEAD answers as GET does, without the page; other methods are refused', async () => {
  for (const [path, status] of [['/', 200], ['/posts/1', 200], ['/posts/5000', 404], ['/nothing', 404]]) {
    let lengths = [];
    for (let round = 0; round < 20 && (lengths.length === 0 || lengths[0] !== lengths[1]); ++round) { // milliseconds may have a digit more
      const answer = await fetch(blog.url + path, { method: 'HEAD' });
      assert.equal(answer.status, status);
      assert.equal(await answer.text(), '');
      const whole = await (await fetch(blog.url + path)).arrayBuffer();
      lengths = [Number(answer.headers.get('content-length')), whole.byteLength];
    }
    assert.equal(lengths[0], lengths[1], path);
  }
  for (const [method, path, allowed] of [['DELETE', '/posts/1', 'GET, HEAD'], ['PUT', '/', 'GET, HEAD'], ['POST', '/users/1', 'GET, HEAD'],
    ['POST', '/tags', 'GET, HEAD'], ['DELETE', '/tags/bread', 'GET, HEAD'],
    ['GET', '/posts', 'POST'], ['GET', '/posts/1/comments', 'POST'], ['GET', '/comments/1/replies', 'POST'], ['OPTIONS', '/posts', 'POST']]) {
    const answer = await fetch(blog.url + path, { method });
    assert.equal(answer.status, 405, `${method} ${path}`);
    assert.equal(answer.headers.get('allow'), allowed);
  }
});
