// SPDX-License-Identifier: MIT
// What a writer does, and what somebody does who means harm.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  countOf as rowsIn, keepScreenshot, openPage, publishPost, removeTrap, rows, sendForm, setTrap, sql, startBlog, startBrowser, statements, test,
} from './blog.mjs';

let blog;
let browser;
let page;
let author;

before(async () => {
  blog = await startBlog();
  browser = await startBrowser();
  page = await openPage(browser, blog);
  [[author]] = await rows(blog, 'SELECT username FROM "user" WHERE id = 1');
});

after(async () => {
  await browser?.close();
  await blog?.stop();
});

const countOf = (table) => rowsIn(blog, table);
const publish = (view, post) => publishPost(blog, view, post);
const send = (path, fields, headers) => sendForm(blog, path, fields, headers);

test('a post is written in the form, shown, and first on the home page', async () => {
  const content = 'One line\nand another.\n\nA second paragraph with ünïcödé and 🙂.';
  assert.equal(await publish(page, { title: '  A fine title  ', content, by: author }), 303);
  assert.match(page.url(), /\/posts\/2001$/);
  assert.equal(await page.locator('h1').innerText(), 'A fine title');
  assert.equal(await page.locator('.post .prose p').count(), 2);
  assert.deepEqual(await rows(blog, 'SELECT content, user_id FROM post WHERE id = 2001'), [[content, '1']]);
  await page.reload(); // sends nothing again
  await page.goto(blog.url);
  assert.equal(await page.locator('.entry h2').first().innerText(), 'A fine title');
  assert.equal(await countOf('post'), 2001);
});

test('a comment is added under the post', async () => {
  await page.goto(`${blog.url}/posts/2001`);
  await page.getByLabel('Your comment').fill('Well said.');
  await page.locator('.card').getByLabel('Your user name').fill(author);
  await page.getByRole('button', { name: 'Publish the comment' }).click();
  await page.waitForURL(/\/posts\/2001#comment-8001$/);
  assert.equal(await page.locator('.comment .prose').innerText(), 'Well said.');
  assert.equal(await page.locator('#comments').innerText(), '1 comment');
});

test('what is wrong with a post is said at the field, and nothing that was typed is lost', async () => {
  const before = await countOf('post');
  for (const [fault, form] of Object.entries({
    'A post needs a title.': { title: '   ', content: 'The text', by: author },
    'At most 100 characters; this has 101.': { title: 'ü'.repeat(101), content: 'The text', by: author },
    'A post needs a text.': { title: 'The title', content: '', by: author },
    'There is no user of this name.': { title: 'The title', content: 'The "text" & </textarea> more', by: 'nobody' },
    'Who are you?': { title: 'The title', content: 'The text', by: '' },
  })) {
    assert.equal(await publish(page, form), 422);
    assert.equal(await page.locator('.error').innerText(), fault);
    assert.equal(await page.getByRole('alert').count(), 1);
    assert.equal(await page.locator('[aria-invalid]').count(), 1);
    assert.equal(await page.getByLabel('Title').inputValue(), form.title.trim());
    assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), form.content);
    assert.equal(await page.getByLabel('Your user name').inputValue(), form.by);
  }
  await keepScreenshot(page, 'form-errors-desktop');
  assert.equal(await countOf('post'), before);
  assert.equal(await publish(page, { title: 'ü'.repeat(100), content: 'Just fits.', by: author }), 303);
});

test('what is wrong with a comment is said at the field', async () => {
  const before = await countOf('comment');
  await page.goto(`${blog.url}/posts/5`);
  await page.getByLabel('Your comment').fill('From nobody');
  await page.locator('.card').getByLabel('Your user name').fill('nobody');
  await page.getByRole('button', { name: 'Publish the comment' }).click();
  await page.locator('.error').waitFor();
  assert.equal(await page.locator('.error').innerText(), 'There is no user of this name.');
  assert.equal(await page.getByLabel('Your comment').inputValue(), 'From nobody');
  assert.ok(await statements(page) <= 6);
  assert.equal(await countOf('comment'), before);
  assert.equal((await send('/posts/999999/comments', { content: 'x', author })).status, 404);
});

test('a constraint of the database becomes a 409 page, and the transaction leaves nothing', async () => {
  const form = { title: 'Only once', content: 'The same', author };
  assert.equal((await send('/posts', form)).status, 303);
  const before = await countOf('post');
  const again = await send('/posts', { ...form, content: 'Another text' });
  assert.equal(again.status, 409);
  assert.match(await again.text(), /There is one like this already/);
  assert.equal(await countOf('post'), before);
  assert.equal((await send('/posts', { ...form, title: 'Another title' })).status, 303); // the next request knows nothing of it
  assert.equal(await publish(page, { title: 'Only once', content: 'x', by: author }), 409);
  await keepScreenshot(page, 'conflict-desktop');
});

test('an exception in the middle of a flush rolls back and keeps its reasons to itself', async () => {
  await setTrap(blog, 'comment', "new.content = 'trap'");
  const before = await countOf('comment');
  const answer = await send('/posts/1/comments', { content: 'trap', author });
  assert.equal(answer.status, 500);
  const text = await answer.text();
  assert.match(text, /Something broke/);
  assert.doesNotMatch(text, /nowhere|INSERT|SQL logic|subquery/i);
  assert.equal(await countOf('comment'), before);
  await removeTrap(blog, 'comment');
  assert.equal((await send('/posts/1/comments', { content: 'no trap', author })).status, 303);
});

test('markup in any field stays text', async () => {
  const attack = '<img src=x onerror="document.title=1"><script>document.title=1</script>\'">&lt;b&gt;';
  const name = `${attack}`.slice(0, 80);
  await sql(blog, `UPDATE "user" SET name = '${name.replaceAll("'", "''")}', bio = '${attack.replaceAll("'", "''")}',
                   username = '"><b>' WHERE id = 2`);
  assert.equal(await publish(page, { title: attack, content: `${attack}\n${attack}`, tags: '\'"><b>&lt;', by: '"><b>' }), 303);
  const url = page.url();
  const tag = await page.locator('.post .tags a').getAttribute('href');
  assert.equal(tag, '/tags/%27%22%3E%3Cb%3E%26lt%3B');
  const check = async () => {
    assert.equal(await page.locator('main img, main script, main b').count(), 0);
    assert.doesNotMatch(await page.title(), /^1/);
  };
  await check();
  assert.equal(await page.locator('h1').textContent(), attack);
  assert.equal(await page.locator('.post .prose').innerText(), `${attack}\n${attack}`);

  await page.getByLabel('Your comment').fill(attack);
  await page.getByLabel('Your user name').fill(attack.slice(0, 30));
  await page.getByRole('button', { name: 'Publish the comment' }).click();
  await page.locator('.error').waitFor();
  await check();
  assert.equal(await page.getByLabel('Your user name').inputValue(), attack.slice(0, 30));
  await page.getByLabel('Your user name').fill('"><b>');
  await page.getByRole('button', { name: 'Publish the comment' }).click();
  await page.waitForURL(/#comment-/);
  await check();
  assert.equal(await page.locator('.comment .prose').innerText(), attack);

  for (const path of ['/', '/users/2', '/posts/new?user=2', `/posts/new?tags=${encodeURIComponent(attack)}`, '/tags', tag, `/?page=${encodeURIComponent(attack)}`, `/${encodeURIComponent(attack)}`]) {
    await page.goto(blog.url + path);
    await check();
  }
  await page.goto(`${blog.url}/posts/new?user=2`);
  assert.equal(await page.getByLabel('Your user name').inputValue(), '"><b>');
  await page.goto(url);
  assert.deepEqual(page.complaints.filter((complaint) => !/status of 4\d\d/.test(complaint)), []);
});

test('forms are taken from the blog\'s own pages only', async () => {
  const before = await countOf('post');
  const form = { title: 'From elsewhere', content: 'x', author };
  const port = new URL(blog.url).port;
  for (const headers of [
    {}, { origin: 'http://evil.example' }, { origin: 'null' }, { origin: `http://127.0.0.1:${Number(port) + 1}` },
    { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' },
    { origin: blog.url, 'sec-fetch-site': 'cross-site' }, { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
  ]) {
    // fetch() itself sets Sec-Fetch-Mode only; the rest goes out as given.
    assert.equal((await send('/posts', form, headers)).status, 403, JSON.stringify(headers));
  }
  assert.equal(await countOf('post'), before);
  assert.equal((await send('/posts', form, { 'sec-fetch-site': 'same-origin' })).status, 303);
});

test('text that cannot be stored, and forms that are none, are 400 or 413 pages', async () => {
  const post = (body, type) => fetch(`${blog.url}/posts`, {
    method: 'POST', body, headers: { origin: blog.url, 'content-type': type }, redirect: 'manual',
  });
  const urlencoded = 'application/x-www-form-urlencoded';
  const before = await countOf('post');
  for (const bytes of ['%FF%FE', 'a%C3', '%ED%A0%80']) {
    assert.equal((await post(`title=${bytes}&content=x&author=${author}`, urlencoded)).status, 400, bytes);
    assert.equal((await post(`title=x&content=${bytes}&author=${author}`, urlencoded)).status, 400, bytes);
  }
  assert.equal((await post('title', urlencoded)).status, 422);
  assert.equal((await post('{"title": "x"}', 'application/json')).status, 422);
  assert.equal((await post('--x', 'multipart/form-data; boundary=x')).status, 400);
  assert.equal((await post('x'.repeat(9 * 1024 * 1024), 'text/plain')).status, 413);
  assert.equal(await countOf('post'), before);
  assert.equal((await post(`title=Old+form&content=x&author=${author}`, urlencoded)).status, 303);
});

test('a text of 50,000 characters goes through, one more does not', async () => {
  const long = 'Ж'.repeat(50_000);
  assert.equal((await send('/posts', { title: 'Long', content: long, author })).status, 303);
  assert.deepEqual(await rows(blog, "SELECT content FROM post WHERE title = 'Long'"), [[long]]);
  assert.equal((await send('/posts', { title: 'Longer', content: `${long}!`, author })).status, 422);
});

test('two browsers at once see their own requests only', async () => {
  const others = await Promise.all(['one', 'two'].map(async (who) => ({ who, view: await openPage(browser, blog) })));
  await Promise.all(others.map(async ({ who, view }) => {
    for (let i = 0; i < 8; ++i) {
      const typed = { title: `Title of ${who} ${i}`, content: `Text of ${who}`, by: `nobody-${who}` };
      assert.equal(await publish(view, typed), 422);
      assert.equal(await view.getByLabel('Title').inputValue(), typed.title);
      assert.equal(await view.getByLabel('Your user name').inputValue(), typed.by);
      assert.equal(await statements(view), 1);
      assert.equal(await publish(view, { ...typed, by: author }), 303);
      assert.equal(await view.locator('h1').innerText(), typed.title);
      assert.equal(await view.locator('.post .prose').innerText(), typed.content);
      assert.equal(await statements(view), 4);
    }
  }));
  for (const { view } of others) await view.context().close();
});

test('forty readers and writers at once get forty right answers', async () => {
  const jobs = Array.from({ length: 40 }, async (_, i) => {
    if (i % 4 === 0) return (await send('/posts/3/comments', { content: `Number ${i}`, author })).status === 303;
    const text = await (await fetch(`${blog.url}/?page=${i + 1}`)).text();
    return text.includes(`page ${i + 1} of`) && text.includes("data-statements='5'");
  });
  assert.deepEqual(await Promise.all(jobs), jobs.map(() => true));
  assert.equal((await rows(blog, "SELECT 1 FROM comment WHERE content LIKE 'Number %'")).length, 10);
});
