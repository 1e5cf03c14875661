// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keepScreenshot, openPage, overhang, screens, startBlog, startBrowser } from './blog.mjs';

let blog;
let browser;

before(async () => {
  blog = await startBlog();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await blog?.stop();
});

for (const screen of Object.keys(screens)) {
  test(`the home page stands on a ${screen}`, async () => {
    const page = await openPage(browser, blog, screen);
    const answer = await page.goto(`${blog.url}/`);
    await keepScreenshot(page, `home-${screen}`);

    assert.equal(answer.status(), 200);
    assert.notEqual((await page.locator('h1').first().innerText()).trim(), '');
    assert.equal(await overhang(page), 0, 'the page scrolls sideways');
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
