// SPDX-License-Identifier: MIT
// What a reader sees: lists, paging, posts, users, and pages that are not there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keepScreenshot, openPage, overhang, rows, screens, startBlog, startBrowser, statements } from './blog.mjs';

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

/** The post with most comments, and one that has none: [{ id, comments }, ...]. */
async function extremes() {
  const all = await rows(blog, `SELECT post.id, count(comment.id) FROM post LEFT JOIN comment ON post_id = post.id
                                GROUP BY post.id ORDER BY 2, 1`);
  const post = ([id, comments]) => ({ id: Number(id), comments: Number(comments) });
  return { most: post(all.at(-1)), none: post(all[0]) };
}

test('the seed is 200 users, 2,000 posts and 8,000 comments', async () => {
  const counts = await rows(blog, `SELECT (SELECT count(*) FROM user), (SELECT count(*) FROM post),
                                          (SELECT count(*) FROM comment)`);
  assert.deepEqual(counts, [['200', '2000', '8000']]);
});

test('the home page shows ten posts, the newest first, each with author and number of comments', async () => {
  await page.goto(`${blog.url}/`);
  const expected = await rows(blog, `SELECT title, name, (SELECT count(*) FROM comment WHERE post_id = post.id)
    FROM post JOIN user ON user.id = user_id ORDER BY created_at DESC, post.id DESC LIMIT 10`);
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
  const { most, none } = await extremes();
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
    const answer = await fetch(blog.url + path, { method: 'HEAD' });
    assert.equal(answer.status, status);
    assert.equal(await answer.text(), '');
    const whole = await (await fetch(blog.url + path)).arrayBuffer();
    assert.equal(Number(answer.headers.get('content-length')), whole.byteLength);
  }
  for (const [method, path, allowed] of [['DELETE', '/posts/1', 'GET, HEAD'], ['PUT', '/', 'GET, HEAD'], ['POST', '/users/1', 'GET, HEAD'],
    ['POST', '/tags', 'GET, HEAD'], ['DELETE', '/tags/bread', 'GET, HEAD'],
    ['GET', '/posts', 'POST'], ['GET', '/posts/1/comments', 'POST'], ['GET', '/comments/1/replies', 'POST'], ['OPTIONS', '/posts', 'POST']]) {
    const answer = await fetch(blog.url + path, { method });
    assert.equal(answer.status, 405, `${method} ${path}`);
    assert.equal(answer.headers.get('allow'), allowed);
  }
});

for (const screen of Object.keys(screens)) {
  for (const scheme of ['light', 'dark']) {
    test(`every kind of page fits a ${screen}, ${scheme}`, async () => {
      const view = await openPage(browser, blog, screen);
      await view.emulateMedia({ colorScheme: scheme });
      const { most } = await extremes();
      const kinds = { home: '/?page=3', post: `/posts/${most.id}`, user: '/users/1', tags: '/tags', tag: '/tags/kitchen', form: '/posts/new?user=1' };
      for (const [kind, path] of Object.entries(kinds)) {
        await view.goto(blog.url + path);
        await keepScreenshot(view, `${kind}-${screen}-${scheme}`);
        assert.equal(await overhang(view), 0, `${kind} scrolls sideways`);
      }
      assert.deepEqual(view.complaints, []);
      await view.goto(`${blog.url}/nothing`);
      await keepScreenshot(view, `missing-${screen}-${scheme}`);
      await view.context().close();
    });
  }
}

test('without a script, everything has a name, a label and enough contrast', async () => {
  const { most } = await extremes();
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const path of ['/', `/posts/${most.id}`, '/users/1', '/tags', '/tags/kitchen', '/posts/new', '/nothing']) {
      await page.goto(blog.url + path);
      for (const landmark of ['banner', 'main', 'contentinfo', 'navigation']) {
        assert.ok(await page.getByRole(landmark).count() >= 1, `${path} has no ${landmark}`);
      }
      assert.equal(await page.locator('h1').count(), 1);
      assert.equal(await page.locator('script').count(), 0);
      const faults = await page.evaluate(findFaults);
      assert.deepEqual(faults, [], `${path}, ${scheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
});

/** Runs in the page: fields without a label, and text with a contrast below 4.5. */
function findFaults() {
  const faults = [];
  for (const field of document.querySelectorAll('input, textarea')) {
    if (!field.labels.length) faults.push(`${field.name} has no label`);
  }
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const colours = new Map(); // reading a pixel takes long
  const colour = (css) => {
    if (!colours.has(css)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = css;
      canvas.fillRect(0, 0, 1, 1);
      colours.set(css, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return colours.get(css);
  };
  const luminance = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const background = colour(getComputedStyle(e).backgroundColor);
      if (background[3] === 255) return background;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (!text.data.trim()) continue;
    const element = text.parentElement;
    const [a, b] = [luminance(colour(getComputedStyle(element).color)), luminance(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faults.push(`${contrast.toFixed(2)}: ${text.data.trim().slice(0, 40)}`);
  }
  return faults;
}
