// SPDX-License-Identifier: MIT
// How pages look: on every screen, in both colour schemes, and to those who see little.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { deepestThread, keepScreenshot, openPage, overhang, postExtremes, screens, startBlog, startBrowser, test } from './blog.mjs';

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

for (const screen of Object.keys(screens)) {
  test(`the home page stands on a ${screen}`, async () => {
    const view = await openPage(browser, blog, screen);
    const answer = await view.goto(`${blog.url}/`);
    await keepScreenshot(view, `home-${screen}`);

    assert.equal(answer.status(), 200);
    assert.notEqual((await view.locator('h1').first().innerText()).trim(), '');
    assert.equal(await overhang(view), 0, 'the page scrolls sideways');
    assert.deepEqual(view.complaints, []);
    await view.context().close();
  });
}

test('a thread and the page for a reply fit every screen', async () => {
  const post = await deepestThread(blog);
  for (const screen of Object.keys(screens)) {
    const view = await openPage(browser, blog, screen);
    await view.goto(`${blog.url}/posts/${post}`);
    assert.equal(await overhang(view), 0);
    await keepScreenshot(view, `thread-${screen}`);
    await view.locator('.answered').first().locator('xpath=ancestor::article').getByText('Reply', { exact: true }).click();
    await view.waitForURL(/\/reply$/);
    assert.equal(await overhang(view), 0);
    await keepScreenshot(view, `reply-${screen}`);
    await view.context().close();
  }
});

for (const screen of Object.keys(screens)) {
  for (const scheme of ['light', 'dark']) {
    test(`every kind of page fits a ${screen}, ${scheme}`, async () => {
      const view = await openPage(browser, blog, screen);
      await view.emulateMedia({ colorScheme: scheme });
      const { most } = await postExtremes(blog);
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
  const { most } = await postExtremes(blog);
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
