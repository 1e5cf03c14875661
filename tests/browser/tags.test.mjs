// SPDX-License-Identifier: MIT
// Tags: all of them, the posts of one, and how posts get theirs.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  countOf, keepScreenshot, openPage, publishPost, removeTrap, rows, sendForm, setTrap, sql, startBlog, startBrowser, statements, test,
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

/** The names of a post's tags, as another program reads them. */
const tagsOf = async (post) => (await rows(blog, `SELECT name FROM tag JOIN post_tag ON tag_id = tag.id WHERE post_id = ${post} ORDER BY name`))
  .map(([name]) => name);
const posts = (count) => `${count} post${count === 1 ? '' : 's'}`;

test('the page of all tags names each, from A to Z, with the number of its posts', async () => {
  await page.goto(blog.url);
  await page.getByRole('link', { name: 'Tags' }).click();
  assert.equal(page.url(), `${blog.url}/tags`);
  const expected = (await rows(blog, 'SELECT name, count(*) FROM tag JOIN post_tag ON tag_id = tag.id GROUP BY name ORDER BY name'))
    .map(([name, count]) => [name, posts(Number(count))]);
  assert.ok(expected.length > 50);
  const shown = await page.locator('.tag-index li').evaluateAll((items) => items.map((item) => [
    item.querySelector('a').textContent, item.querySelector('span').textContent,
  ]));
  assert.deepEqual(shown, expected);
  assert.equal(await statements(page), 1);
});

test('a tag leads to its posts, the newest first, and paging leads to all of them', async () => {
  await page.goto(`${blog.url}/tags`);
  await page.getByRole('link', { name: 'slow food' }).click();
  assert.equal(page.url(), `${blog.url}/tags/slow%20food`);
  assert.equal(await page.locator('h1').innerText(), 'slow food');
  const expected = (await rows(blog, `SELECT title FROM post JOIN post_tag ON post_id = post.id JOIN tag ON tag.id = tag_id
    WHERE name = 'slow food' ORDER BY created_at DESC, post.id DESC`)).map(([title]) => title);
  assert.ok(expected.length > 20);
  assert.match(await page.locator('.subtitle').innerText(), new RegExp(`^${expected.length} posts, page 1 of `));
  const seen = await page.locator('.entry h2').allInnerTexts();
  while (await page.getByRole('link', { name: 'Older', exact: true }).count()) {
    await page.getByRole('link', { name: 'Older', exact: true }).click();
    assert.equal(await statements(page), 6);
    seen.push(...await page.locator('.entry h2').allInnerTexts());
  }
  assert.deepEqual(seen, expected);
});

test('posts carry their tags, in lists and on their own pages', async () => {
  await page.goto(`${blog.url}/?page=7`);
  const entries = await page.locator('.entry').evaluateAll((all) => all.map((entry) => [
    entry.querySelector('h2 a').getAttribute('href').split('/').at(-1), [...entry.querySelectorAll('.tags a')].map((tag) => tag.textContent),
  ]));
  assert.equal(entries.length, 10);
  for (const [post, tags] of entries) assert.deepEqual(tags, await tagsOf(post), `post ${post}`);

  const [post, [first]] = entries.find(([, tags]) => tags.length > 1);
  await page.goto(`${blog.url}/posts/${post}`);
  assert.deepEqual(await page.locator('.post .tags a').allInnerTexts(), await tagsOf(post));
  await page.locator('.post .tags a').first().click();
  assert.equal(await page.locator('h1').innerText(), first);

  const [[none]] = await rows(blog, 'SELECT id FROM post WHERE id NOT IN (SELECT post_id FROM post_tag) LIMIT 1');
  await page.goto(`${blog.url}/posts/${none}`);
  assert.equal(await page.locator('.tags').count(), 0);
});

test('a tag that is not there is a 404 page', async () => {
  for (const name of ['nothing', 'Bread', 'bread%20', '', '%00', 'bread/', '%2e%2e%2f', 'x'.repeat(200), 'x'.repeat(4000), '1%27%20OR%201%3D1']) {
    const answer = await fetch(`${blog.url}/tags/${name}`);
    assert.equal(answer.status, 404, name);
    assert.match(await answer.text(), /There is nothing here/, name);
  }
  for (const number of ['0', '99', 'x']) assert.equal((await fetch(`${blog.url}/tags/bread?page=${number}`)).status, 404);
  assert.equal((await fetch(`${blog.url}/tags/%FF`)).status, 400); // no text at all
});

test('a post is written with tags: those that are there are used again, others are made', async () => {
  const before = await countOf(blog, 'tag');
  const form = { title: 'By hand', content: 'The text', tags: ' #Bread, By  Hand,bread ,, Großes Brot', by: author };
  assert.equal(await publishPost(blog, page, form), 303);
  const post = page.url().match(/\/posts\/(\d+)$/)[1];
  assert.deepEqual(await page.locator('.post .tags a').allInnerTexts(), ['bread', 'by hand', 'großes brot']);
  assert.deepEqual(await tagsOf(post), ['bread', 'by hand', 'großes brot']);
  assert.equal(await countOf(blog, 'tag'), before + 2);

  await page.locator('.tags').getByRole('link', { name: 'großes brot' }).click();
  assert.equal(await page.locator('h1').innerText(), 'großes brot');
  assert.deepEqual(await page.locator('.entry h2').allInnerTexts(), ['By hand']);
  await page.goto(`${blog.url}/tags/bread`);
  assert.equal(await page.locator('.entry h2').first().innerText(), 'By hand');

  assert.equal(await publishPost(blog, page, { ...form, title: 'By hand again' }), 303);
  assert.equal(await countOf(blog, 'tag'), before + 2);
});

test('from a tag one gets to the form for a post about it', async () => {
  await page.goto(`${blog.url}/tags/slow%20food`);
  await page.getByRole('link', { name: 'Write a post about it' }).click();
  assert.equal(await page.getByLabel('Tags').inputValue(), 'slow food');
  assert.equal(await statements(page), 0);
});

test('what is wrong with tags is said at their field, and nothing that was typed is lost', async () => {
  const before = [await countOf(blog, 'post'), await countOf(blog, 'tag')];
  for (const [fault, tags] of Object.entries({
    '“...” has neither letter nor digit.': 'bread, ...',
    [`“${'ü'.repeat(31)}” is too long: at most 30 characters, and a comma before the next tag.`]: 'ü'.repeat(31),
    'At most 400 characters; this has 401.': 'a, '.repeat(133) + 'bc',
    'At most 8 tags; these are 9.': '1,2,3,4,5,6,7,8,9',
  })) {
    assert.equal(await publishPost(blog, page, { title: 'With faults', content: 'The text', tags, by: author }), 422);
    assert.equal(await page.locator('.error').innerText(), fault);
    assert.equal(await page.locator('[aria-invalid]').count(), 1);
    assert.equal(await page.getByLabel('Tags').inputValue(), tags);
    assert.equal(await page.getByLabel('Title').inputValue(), 'With faults');
  }
  await keepScreenshot(page, 'tag-errors-desktop');
  assert.deepEqual([await countOf(blog, 'post'), await countOf(blog, 'tag')], before);
  assert.equal(await publishPost(blog, page, { title: 'Just fits', content: 'x', tags: `${'ü'.repeat(30)},2,3,4,5,6,7,8`, by: author }), 303);
});

test('a post that cannot be stored leaves no tags behind', async () => {
  const form = { title: 'Only once', content: 'The text', author };
  assert.equal((await sendForm(blog, '/posts', form)).status, 303);
  const before = [await countOf(blog, 'tag'), await countOf(blog, 'post_tag')];
  assert.equal((await sendForm(blog, '/posts', { ...form, tags: 'never seen, bread' })).status, 409);
  await setTrap(blog, 'post_tag');
  assert.equal((await sendForm(blog, '/posts', { ...form, title: 'Another', tags: 'never seen, bread' })).status, 500);
  await removeTrap(blog, 'post_tag');
  assert.deepEqual([await countOf(blog, 'tag'), await countOf(blog, 'post_tag')], before);
  assert.equal((await sendForm(blog, '/posts', { ...form, title: 'Another', tags: 'never seen, bread' })).status, 303);
  assert.deepEqual([await countOf(blog, 'tag'), await countOf(blog, 'post_tag')], [before[0] + 1, before[1] + 2]);
});

test('every tag has an address, whatever signs it is made of', async () => {
  const tags = ['c++', 'a/b', '50%', '?x=1&y', 'x#y', "o'clock", '"a"', '日本', '%41', 'a\\b', '..a', '<i>'];
  for (let first = 0; first < tags.length; first += 6) {
    const some = tags.slice(first, first + 6);
    assert.equal(await publishPost(blog, page, { title: `Signs ${first}`, content: 'x', tags: some.join(', '), by: author }), 303);
    const url = page.url();
    for (const tag of some) {
      await page.goto(url);
      await page.locator('.post .tags').getByRole('link', { name: tag, exact: true }).click();
      assert.equal(await page.locator('h1').innerText(), tag);
      assert.deepEqual(await page.locator('.entry h2').allInnerTexts(), [`Signs ${first}`]);
    }
  }
  assert.deepEqual(page.complaints.filter((complaint) => !/status of 4\d\d/.test(complaint)), []);
});

test('more tags, and more posts with them, take no more statements', async () => {
  await sql(blog, `INSERT INTO tag (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT 'tag ' || i FROM n;
                   INSERT INTO post_tag (post_id, tag_id) SELECT post.id, tag.id FROM post, tag
                   WHERE post.id <= 20 AND tag.name LIKE 'tag %'`);
  const taken = async (path) => {
    await page.goto(blog.url + path);
    return statements(page);
  };
  assert.equal(await taken('/tags'), 1);
  assert.equal(await taken('/tags/tag%20300'), 6);
  assert.equal(await page.locator('.tags a').count() >= 10 * 300, true);
  assert.ok(await taken('/posts/5') <= 5);
});
