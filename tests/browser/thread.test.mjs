// SPDX-License-Identifier: MIT
// Comments as a thread: replies to comments, to replies, and so on.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  countOf, deepestThread, openPage, overhang, removeTrap, rows, screens, sendForm, setTrap, sql, startBlog, startBrowser, statements, test,
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

const deepestIndent = 5;

/** The comments of a post as they have to stand: { id, depth, parent, content, name }, each before the replies to it. */
async function threadOf(post) {
  const all = (await rows(blog, `SELECT comment.id, coalesce(parent_id, 0), content, name FROM comment JOIN "user" ON "user".id = user_id
    WHERE post_id = ${post} ORDER BY created_at, comment.id`))
    .map(([id, parent, content, name]) => ({ id: Number(id), parent: Number(parent), content, name }));
  const below = (parent, depth) => all.filter((comment) => comment.parent === parent)
    .flatMap((comment) => [{ ...comment, depth }, ...below(comment.id, depth + 1)]);
  return below(0, 0);
}

const comment = (id) => page.locator(`#comment-${id}`);

test('the seed has replies, and replies to replies, each about the post of its parent and later', async () => {
  const [[replies, others, early]] = await rows(blog, `SELECT count(*), count(CASE WHEN reply.post_id <> comment.post_id THEN 1 END),
    count(CASE WHEN reply.created_at < comment.created_at THEN 1 END) FROM comment AS reply JOIN comment ON comment.id = reply.parent_id`);
  assert.ok(Number(replies) > 3000);
  assert.equal(`${others} ${early}`, '0 0');
});

test('every comment stands before its replies, further to the right, as far as there is room', async () => {
  const post = await deepestThread(blog);
  const expected = await threadOf(post);
  assert.ok(Math.max(...expected.map(({ depth }) => depth)) > deepestIndent);
  await page.goto(`${blog.url}/posts/${post}`);
  const shown = await page.locator('.comment').evaluateAll((comments) => comments.map((element) => {
    let lists = 0;
    for (let e = element; e; e = e.parentElement) lists += e.matches('.thread') ? 1 : 0;
    return [element.id, lists - 1, element.querySelector('.author').lastChild.textContent,
      element.querySelector('.prose').textContent.trim(), element.querySelector('.answered a')?.getAttribute('href') ?? ''];
  }));
  assert.deepEqual(shown, expected.map(({ id, parent, depth, content, name }) => [`comment-${id}`, Math.min(depth, deepestIndent), name,
    content, depth > deepestIndent ? `#comment-${parent}` : '']));
  assert.equal(await page.locator('#comments').innerText(), `${expected.length} comments`);
});

test('the replies to a comment are folded away and come back, without a script', async () => {
  const post = await deepestThread(blog);
  await page.goto(`${blog.url}/posts/${post}`);
  const thread = await threadOf(post);
  const at = thread.findIndex(({ parent }) => parent !== 0);
  const [parent, reply] = [thread[at - 1], thread[at]];
  let below = 0;
  while (thread[at + below]?.depth > parent.depth) ++below;
  const fold = page.locator(`li:has(> #comment-${parent.id}) > .replies > summary`);
  assert.equal(await fold.innerText(), below === 1 ? '1 reply' : `${below} replies`);
  assert.ok(await comment(reply.id).isVisible());
  await fold.click();
  assert.ok(await comment(reply.id).isHidden());
  assert.ok(await comment(parent.id).isVisible());
  await fold.focus();
  await page.keyboard.press('Enter');
  assert.ok(await comment(reply.id).isVisible());
});

test('a reply is written on a page of its own, and stands below the comment', async () => {
  const post = await deepestThread(blog);
  const parent = (await threadOf(post)).find(({ depth }) => depth === 2);
  await page.goto(`${blog.url}/posts/${post}`);
  await comment(parent.id).getByText('Reply', { exact: true }).click();
  await page.waitForURL(`${blog.url}/comments/${parent.id}/reply`);
  assert.ok(await statements(page) <= 4);
  assert.equal(await page.locator('h1').innerText(), `Reply to ${parent.name}`);
  assert.equal((await page.locator('.quoted .prose').innerText()).trim(), parent.content);
  assert.equal(await page.locator('.subtitle a').getAttribute('href'), `/posts/${post}#comment-${parent.id}`);
  await page.getByLabel('Your reply').fill('I say so, too.\n\nTwice.');
  await page.getByLabel('Your user name').fill(author);
  await page.getByRole('button', { name: 'Publish the reply' }).click();
  await page.waitForURL(/#comment-8001$/);
  assert.equal(page.url(), `${blog.url}/posts/${post}#comment-8001`);
  assert.deepEqual(await rows(blog, 'SELECT post_id, user_id, parent_id FROM comment WHERE id = 8001'), [[`${post}`, '1', `${parent.id}`]]);
  const below = page.locator(`li:has(> #comment-${parent.id}) > .replies`);
  assert.equal(await below.locator('#comment-8001 .prose p').count(), 2);
  assert.ok(await comment(8001).isVisible());
  await page.reload(); // sends nothing again
  assert.equal(await countOf(blog, 'comment'), 8001);
});

test('what is wrong with a reply is said in its form, and the field has the focus', async () => {
  const post = await deepestThread(blog);
  const parent = (await threadOf(post)).find(({ depth }) => depth === 1);
  for (const [fault, content, by] of [['There is no user of this name.', 'From "nobody" & others', 'nobody'],
    ['What do you want to say?', '  ', author], ['Who are you?', 'I', ''], ['At most 2,000 characters; this has 2,001.', 'ü'.repeat(2001), author]]) {
    await page.goto(`${blog.url}/comments/${parent.id}/reply`);
    const form = page.locator('main form');
    await form.getByLabel('Your reply').fill(content);
    await form.getByLabel('Your user name').fill(by);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      form.getByRole('button').click(),
    ]);
    await page.waitForLoadState();
    assert.equal(answer.status(), 422);
    assert.equal(await page.locator('.error').count(), 1);
    assert.equal(await form.locator('.error').innerText(), fault);
    assert.equal(await form.getByLabel('Your reply').inputValue(), content.trim());
    assert.equal(await form.getByLabel('Your user name').inputValue(), by);
    assert.ok(await form.locator('[aria-invalid]').evaluate((field) => field === document.activeElement));
    assert.ok(await statements(page) <= 5);
  }
  assert.equal(await countOf(blog, 'comment'), 8001);
  assert.deepEqual(page.complaints.filter((complaint) => !/status of 422/.test(complaint)), []);
});

test('a reply to a comment that is not there is a 404 page, from elsewhere a 403, and a failure leaves nothing', async () => {
  const before = await countOf(blog, 'comment');
  const form = { content: 'trap', author };
  for (const id of ['0', '999999', '9223372036854775808', 'x']) {
    assert.equal((await sendForm(blog, `/comments/${id}/replies`, form)).status, 404, id);
    assert.equal((await fetch(`${blog.url}/comments/${id}/reply`)).status, 404, id);
  }
  assert.equal((await sendForm(blog, '/comments/1/replies', form, { origin: 'http://evil.example' })).status, 403);
  await setTrap(blog, 'comment', "new.content = 'trap'");
  assert.equal((await sendForm(blog, '/comments/1/replies', form)).status, 500);
  await removeTrap(blog, 'comment');
  assert.equal(await countOf(blog, 'comment'), before);
  assert.equal((await sendForm(blog, '/comments/1/replies', form)).status, 303);
});

/** Adds comments with the ids behind `last`, all of one moment; `content` and `parent` are SQL in which i counts them. */
async function addComments(count, { post, last, content, parent }) {
  await sql(blog, `INSERT INTO comment (id, content, created_at, post_id, user_id, parent_id)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    SELECT ${last} + i, ${content}, (SELECT min(created_at) FROM comment), ${post}, 1 + i % 200, ${parent} FROM n`);
}

for (const screen of Object.keys(screens)) {
  test(`five hundred replies in a row take the statements of one, and fit a ${screen}`, async () => {
    const [[post]] = await rows(blog, 'SELECT id FROM post WHERE id NOT IN (SELECT post_id FROM comment) LIMIT 1');
    const [[last]] = await rows(blog, 'SELECT max(id) FROM comment');
    await addComments(500, { post, last, content: "'Reply ' || i", parent: `CASE WHEN i > 1 THEN ${last} + i - 1 END` });
    const view = await openPage(browser, blog, screen);
    await view.goto(`${blog.url}/posts/${post}`);
    assert.equal(await statements(view), 5);
    assert.equal(await view.locator('.comment').count(), 500);
    const texts = await view.locator('.comment .prose').allTextContents();
    assert.deepEqual(texts.map((text) => text.trim()), Array.from({ length: 500 }, (_, i) => `Reply ${i + 1}`));
    assert.equal(await overhang(view), 0);
    const { width } = await view.locator('.comment').last().boundingBox();
    assert.ok(width >= 0.6 * Math.min(screens[screen].width, 640), `only ${width} pixels are left`);
    assert.deepEqual(view.complaints, []);
    await view.context().close();
  });
}

test('ten thousand comments are one form, and a browser takes them', async () => {
  const [[post]] = await rows(blog, 'SELECT id FROM post WHERE id NOT IN (SELECT post_id FROM comment) LIMIT 1');
  const [[last]] = await rows(blog, 'SELECT max(id) FROM comment');
  await addComments(10_000, { post, last, content: "'Comment ' || i", parent: `CASE WHEN i > 10 THEN ${last} + (i - i % 3) / 3 END` });
  const view = await openPage(browser, blog, 'phone');
  view.setDefaultTimeout(120_000);
  await view.goto(`${blog.url}/posts/${post}#comment-${Number(last) + 10000}`);
  assert.equal(await statements(view), 5);
  assert.equal(await view.locator('.comment').count(), 10000);
  assert.equal(await view.locator('form').count(), 1);
  assert.ok(await view.locator(`#comment-${Number(last) + 10000}`).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }), 'the comment of the address is in view');
  await view.locator(`#comment-${Number(last) + 10000}`).getByText('Reply', { exact: true }).click();
  await view.waitForURL(/\/reply$/);
  await view.context().close();
});
