// GraphiQL at GET /graphql, opened and used in a real browser.

import { withBrowser } from './browser.mjs';
import { check, endpoint, run, same, testKey } from './common.mjs';

const { origin } = new URL(endpoint);
/** What the page has in place of a key. */
const HINT = 'Bearer dt_test_...';
/** Milliseconds; a machine that runs all tests at once is slow. */
const PATIENCE = 60_000;

/** Opens the page as somebody who has never been there; notes what it asks for and what it complains about. */
async function opened(browser, search = '') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const [complaints, requests] = [[], []];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request));
  await page.goto(endpoint + search);
  await page.locator('.graphiql-execute-button').waitFor();
  return { page, complaints, requests };
}

/** The text editor that shows beneath the document: variables or headers. */
async function write(page, which, text) {
  await page.getByRole('button', { name: which, exact: true }).click();
  const editor = page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror');
  await editor.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
}

const writeKey = (page) => write(page, 'Headers', JSON.stringify({ Authorization: `Bearer ${testKey}` }));

/** Runs an operation of the document; its answer as the page shows it. */
async function operate(page, name, expected) {
  await page.locator('.graphiql-execute-button').click();
  await page.getByRole('menuitem', { name }).click();
  return shown(page, expected);
}

/** What the page shows as the answer, once it has this in it. */
async function shown(page, expected) {
  const lines = page.locator('.result-window .CodeMirror-line');
  await lines.filter({ hasText: expected }).first().waitFor();
  return (await lines.allInnerTexts()).join('\n');
}

/** Bodies of the introspections that went out. */
function introspections(requests) {
  return requests.filter((request) => request.method() === 'POST' && request.postData().includes('__schema'));
}

function nothingStrange({ complaints, requests }) {
  same(complaints, [], 'what the console says');
  const strangers = requests.map((request) => request.url()).filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:'));
  same(strangers, [], 'requests to other hosts');
}

const cases = (browser) => ({
  'a newcomer puts a key in, runs a query and sees the answer': async () => {
    const visit = await opened(browser);
    const { page, requests } = visit;
    same(await page.title(), 'Doitong', 'the title');
    check((await page.locator('.graphiql-editor-tool').innerText()).includes(HINT), 'the headers hold no hint');
    await shown(page, /Put your key/);
    same(introspections(requests).length, 0, 'introspections without a key');
    await writeKey(page);
    const answer = await operate(page, 'Providers', '"providers"');
    check(/"creditCost": \d/.test(answer) && !answer.includes('"errors"'), answer);
    const [asked] = introspections(requests);
    same(await asked?.headerValue('authorization'), `Bearer ${testKey}`, 'the key of the introspection');
    same(introspections(requests).length, 1, 'introspections');
    // The schema is there: the documentation names the root types.
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Mutation').first().waitFor();
    nothingStrange(visit);
  },
  'an order is placed and looked at': async () => {
    const visit = await opened(browser);
    const { page } = visit;
    await writeKey(page);
    const placed = await operate(page, 'Generate', '"generate"');
    const [, id] = placed.match(/"id": "(gen_\w+)"/) ?? [];
    check(id, placed);
    await write(page, 'Variables', JSON.stringify({ id }));
    const looked = await operate(page, 'Status', '"generation"');
    check(/"status": "(QUEUED|PROCESSING|COMPLETED)"/.test(looked), looked);
    nothingStrange(visit);
  },
  'another tab has the key, too': async () => {
    const { page } = await opened(browser);
    await writeKey(page);
    await page.getByRole('button', { name: 'New tab' }).click();
    await page.locator('.graphiql-query-editor .CodeMirror-line', { hasText: 'account' }).waitFor();
    await page.locator('.graphiql-execute-button').click();
    await shown(page, '"tier": "ENTERPRISE"');
  },
  'the key is forgotten when the page is left': async () => {
    const { page } = await opened(browser);
    await writeKey(page);
    await operate(page, 'Providers', '"providers"');
    // GraphiQL writes its state with a delay; the tab's title shows that it has.
    await page.waitForFunction(() => JSON.stringify(localStorage).includes('Providers'));
    for (const moment of ['before', 'after']) {
      const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
      check(!kept.includes(testKey), `the browser keeps the key ${moment} the page is loaded anew: ${kept}`);
      await page.reload();
      await page.locator('.graphiql-execute-button').waitFor();
    }
    check((await page.locator('.graphiql-editor-tool').innerText()).includes(HINT), 'no hint after loading anew');
  },
  'without introspection queries run all the same': async () => {
    const { page } = await opened(browser);
    await page.route(endpoint, async (route) => {
      if (!route.request().postData()?.includes('__schema')) return route.continue();
      const refusal = { errors: [{ message: 'introspection is off', extensions: { code: 'INVALID_INPUT' } }] };
      return route.fulfill({ status: 400, json: refusal, contentType: 'application/graphql-response+json' });
    });
    await writeKey(page);
    await shown(page, /introspection is off/);
    const answer = await operate(page, 'Providers', '"providers"');
    check(!answer.includes('"errors"'), answer);
  },
  'a query without a key is told what is missing': async () => {
    const { page } = await opened(browser);
    await operate(page, 'Providers', 'UNAUTHENTICATED');
  },
  'a link brings its own query': async () => {
    const { page } = await opened(browser, `?query=${encodeURIComponent('{ account { tier } }')}`);
    await page.locator('.graphiql-query-editor .CodeMirror-line', { hasText: 'account' }).waitFor();
    await writeKey(page);
    await page.locator('.graphiql-execute-button').click();
    await shown(page, '"tier": "ENTERPRISE"');
  },
});

await withBrowser((browser) => run(cases(browser)));
