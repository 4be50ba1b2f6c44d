import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const screenshot = new URL('../../docs/images/graphiql.png', import.meta.url).pathname;

let gateway: TestGateway;
let browser: Browser;
let page: Page;
const foreign: string[] = [];

beforeAll(async () => {
  gateway = await startTestGateway({ env: { GRAPHIQL: 'on' } });
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  page = await browser.newPage({
    viewport: { width: 1440, height: 860 },
    extraHTTPHeaders: { 'x-auth-token': 'demo' },
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (['http:', 'https:'].includes(url.protocol) && url.origin !== new URL(gateway.url).origin)
      foreign.push(request.url());
  });
  await page.goto(gateway.url);
});

afterAll(async () => {
  await browser.close();
  await gateway[Symbol.asyncDispose]();
});

test('GraphiQL opens on an example, runs it and shows the answer, without a request to anywhere else', async () => {
  await page.getByRole('button', { name: /execute query/i }).click();
  const answer = page.locator('.graphiql-response');
  await answer.getByText('pageInfo').or(answer.getByText('edges').first()).first().waitFor();

  expect(await answer.innerText()).toContain('"name"');
  expect(gateway.takeRequests()).toEqual(['__imagetype=gold&limit=11&sort_dir=desc&sort_key=created_at']);
  await page.screenshot({ path: screenshot });
  expect(foreign).toEqual([]);
});

test('every example is a tab of its own', async () => {
  const tabs = await page.getByRole('tab').allInnerTexts();
  for (const name of ['NewestPublicImages', 'PickAnImage', 'MyImages', 'SharedWithMe', 'SinceADate', 'ImagesById']) {
    expect(tabs.join('\n')).toContain(name);
  }
});

test('the documentation explorer shows the descriptions', async () => {
  await page.getByRole('button', { name: /show documentation explorer/i }).click();
  const docs = page.locator('.graphiql-doc-explorer');
  await docs.waitFor();
  await docs.getByRole('link', { name: 'Query', exact: true }).first().click();
  expect(await docs.innerText()).toContain('Images that match the filter, page by page');
});
