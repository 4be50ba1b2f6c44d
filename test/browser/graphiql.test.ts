import { readdirSync, readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

/** The example operations, in the order of their files. */
const folder = new URL('../../examples/operations/', import.meta.url);
const operationNames = readdirSync(folder)
  .toSorted()
  .map((file) => /^query (\w+)/m.exec(readFileSync(new URL(file, folder), 'utf8'))?.[1] ?? '');

const screenshot = new URL('../../docs/images/graphiql.png', import.meta.url).pathname;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
});
afterAll(() => browser.close());

interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Requests to anywhere else. */
  readonly foreign: readonly string[];
  /** What the browser complained of, violations of the content security policy among it. */
  readonly complaints: readonly string[];
  /** Runs the open tab; the answer's JSON. */
  readonly run: () => Promise<any>;
}

/** A first visit: nothing is stored in the browser. */
async function visit({ url }: TestGateway): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 } });
  const page = await context.newPage();
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const to = new URL(request.url());
    if (/^https?:$/.test(to.protocol) && to.origin !== new URL(url).origin) foreign.push(request.url());
  });
  await page.goto(url);
  await page.getByRole('tab', { name: 'NewestPublicImages' }).waitFor();
  return {
    page,
    foreign,
    complaints,
    async run() {
      const answered = page.waitForResponse((response) => {
        const asked = response.request().postData();
        return asked !== null && !asked.includes('__schema');
      });
      await page.getByRole('button', { name: /execute query/i }).click();
      return (await answered).json();
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

const headerEditor = (page: Page) => page.getByRole('region', { name: 'Headers' }).locator('.view-lines:visible');

/** What stands in the header editor, which draws spaces as no-break spaces. */
const suggested = async (page: Page): Promise<string> =>
  (await headerEditor(page).innerText()).replace(/\s+/g, ' ').trim();

describe('without credentials', () => {
  let gateway: TestGateway;
  let first: Visit;
  beforeAll(async () => {
    gateway = await startTestGateway({ env: { IMS_ENDPOINT: '' } });
    first = await visit(gateway);
  });
  afterAll(async () => {
    await first[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  test('GraphiQL opens on an example with a token beside it, runs it and shows the answer', async () => {
    const { page, run } = first;
    expect(await suggested(page)).toBe('{ "X-Auth-Token": "demo" }');
    const { data, extensions } = await run();
    expect(data.images.edges).toHaveLength(10);
    expect(extensions.upstream.requests).toBe(1);
    await page.locator('.graphiql-response').getByText('"name"').first().waitFor();
    await page.screenshot({ path: screenshot });
  });

  test('every example is a tab of its own, with the token', async () => {
    const { page } = first;
    for (const name of operationNames) {
      await page.getByRole('tab', { name }).click();
      expect(await suggested(page)).toBe('{ "X-Auth-Token": "demo" }');
      await page.getByRole('region', { name: 'Operation Editor' }).getByText(name).first().waitFor();
    }
  });

  test('the documentation explorer shows the descriptions', async () => {
    const { page } = first;
    await page.getByRole('button', { name: /show documentation explorer/i }).click();
    const docs = page.locator('.graphiql-doc-explorer');
    await docs.getByRole('link', { name: 'Query', exact: true }).first().click();
    expect(await docs.innerText()).toContain('Images that match the filter, page by page');
  });

  test('nothing came from anywhere else, and the browser had nothing to complain of', () => {
    expect(first.foreign).toEqual([]);
    expect(first.complaints).toEqual([]);
  });

  test('the token is not kept in the browser', async () => {
    const { page } = first;
    const stored = await page.evaluate(() => [...Object.entries(localStorage), ...Object.entries(sessionStorage)]);
    const { tabs } = JSON.parse(new Map(stored).get('graphiql:tabState') ?? '{}');
    expect(tabs.map((tab: any) => tab.headers)).toEqual(tabs.map(() => null));
    expect(tabs.length).toBeGreaterThan(5);
    expect(stored.filter(([name]) => /header/i.test(name))).toEqual([]);
    await page.reload();
    await headerEditor(page).getByText('demo').waitFor();
  });
});

test('a caller writes a token into the header editor', async () => {
  await using gateway = await startTestGateway();
  await using visitor = await visit(gateway);
  const { page, run } = visitor;
  expect(await suggested(page)).toBe('{ "X-Auth-Token": "paste a token here" }');
  expect((await run()).errors[0].extensions.code).toBe('UNAUTHENTICATED');
  expect(gateway.takeRequests()).toEqual([]);

  await headerEditor(page).click();
  await page.keyboard.press('Control+A');
  // The editor closes the brace, and offers what could come next.
  await page.keyboard.insertText('{ "X-Auth-Token": "demo" ');
  await page.keyboard.press('Escape');
  await expect.poll(() => suggested(page)).toBe('{ "X-Auth-Token": "demo" }');
  expect((await run()).data.images.edges).toHaveLength(10);
  expect(gateway.takeRequests()).toEqual(['__imagetype=gold&limit=11&sort_dir=desc&sort_key=created_at']);
});

test('where the gateway asks with its own token, none is suggested', async () => {
  await using gateway = await startTestGateway({ env: { IMS_AUTH_TOKEN: 'demo' } });
  await using visitor = await visit(gateway);
  expect(await visitor.page.locator('body').innerText()).not.toContain('X-Auth-Token');
  expect((await visitor.run()).data.images.edges).toHaveLength(10);
});
