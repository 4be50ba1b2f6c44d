import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { startPage } from '../start-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = new URL('../../../docs/images/', import.meta.url).pathname;

let gateway: TestGateway;
let site: Awaited<ReturnType<typeof startPage>>;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  gateway = await startTestGateway({ env: { CACHE_FRESH_MS: '0', IMS_MAX_RETRIES: '0', IMS_BREAKER_OPEN_MS: '0' } });
  site = await startPage(gateway.url, 0);
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});
beforeEach(async () => {
  gateway.ims.faults.clear();
  await page?.close();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
});

const open = async (search = ''): Promise<void> => {
  await page.goto(`${site.url}${search}`);
};
const list = () => page.getByRole('listbox', { name: 'Images' });
const rows = () => page.getByRole('option').filter({ has: page.locator('.name') });
const count = () => page.locator('.count');
const idsShown = async (): Promise<string[]> =>
  (await rows().evaluateAll((all) => all.map(({ id }) => id))).map((id) => id.replace('image-', ''));

/** All ids of a type in the list's order, without the page. */
async function idsOf(type: string, token = 'demo', more = ''): Promise<string[]> {
  const query = `{ images(first: 100, filter: { type: ${type}, status: ACTIVE ${more} }) { edges { node { id } } } }`;
  const { data } = await gateway.ask(query, {}, { headers: { 'x-auth-token': token } });
  return data.images.edges.map(({ node }: { node: { id: string } }) => node.id);
}

/** Scrolls to these ends again and again until so many images are there. */
async function readUntil(size: number, ...ends: ('top' | 'bottom')[]): Promise<void> {
  const scrollAndCount = async (): Promise<number> => {
    for (const end of ends) {
      await list().evaluate((box, to) => box.scrollTo(0, to === 'top' ? 0 : box.scrollHeight), end);
    }
    return rows().count();
  };
  await expect.poll(scrollAndCount, { timeout: 20_000 }).toBe(size);
}

async function expectAccessible(): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<{ violations: any[] }> } };
    return (await checker.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((n: any) => n.html).join()}`);
  });
  expect(violations).toEqual([]);
}

test('scrolling reads the whole list, each image once, in the order of the gateway', async () => {
  await open();
  await rows().first().waitFor();
  const expected = await idsOf('PUBLIC');
  expect(expected.length).toBeGreaterThan(60);
  await readUntil(expected.length, 'bottom');
  expect(await idsShown()).toEqual(expected);
  await count().getByText(`${expected.length} images`).waitFor();
  await expectAccessible();
});

test('a link into the middle reads on in both directions', async () => {
  const { data } = await gateway.ask(
    '{ images(first: 40, filter: { type: PUBLIC, status: ACTIVE }) { pageInfo { endCursor } } }',
  );
  await open(`?at=${data.images.pageInfo.endCursor}`);
  await rows().first().waitFor();
  const expected = await idsOf('PUBLIC');
  await readUntil(expected.length, 'bottom', 'top');
  expect(await idsShown()).toEqual(expected);
});

test('a chosen image far down is in sight when its link is opened', async () => {
  await open();
  await rows().first().waitFor();
  const ids = await idsOf('PUBLIC');
  await readUntil(ids.length, 'bottom');
  await rows().nth(60).click();
  await page
    .getByRole('complementary')
    .getByText(ids[60] ?? '')
    .waitFor();

  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  const chosen = page.locator(`#image-${ids[60]}`);
  await chosen.waitFor();
  await expect.poll(() => chosen.getAttribute('aria-selected')).toBe('true');
  await readUntil(ids.length, 'bottom', 'top');
  expect(await idsShown()).toEqual(ids);
});

test('types, choices and search narrow the list, the URL says so, and the back button undoes it', async () => {
  await open();
  await rows().first().waitFor();
  await page.getByText('Private', { exact: false }).first().click();
  await expect.poll(idsShown).toEqual((await idsOf('PRIVATE')).slice(0, 20));
  expect(page.url()).toContain('type=PRIVATE');

  await page.goBack();
  await expect.poll(idsShown).toEqual((await idsOf('PUBLIC')).slice(0, 20));

  await page.getByLabel('Platform').selectOption('Ubuntu');
  await page.getByLabel('Name contains').fill('22.04');
  await expect.poll(() => page.url()).toContain('search=22.04');
  const expected = await idsOf('PUBLIC', 'demo', ', os: { platform: "Ubuntu" }, nameMatches: { contains: "22.04" }');
  expect(expected.length).toBeGreaterThan(0);
  await expect.poll(idsShown).toEqual(expected);
  await page.screenshot({ path: `${pictures}picker-search.png` });

  await page.getByLabel('Name contains').fill('no image is called so');
  await page.getByText('No image is like that.').waitFor();
  await expectAccessible();
  await page.getByRole('button', { name: 'Show all of this type' }).click();
  await expect.poll(idsShown).toEqual((await idsOf('PUBLIC')).slice(0, 20));
});

test('a flavor leaves the images that it runs; one that is none is told in a sentence', async () => {
  await open();
  await rows().first().waitFor();
  await page.getByLabel('Runs on flavor').fill('kc1.large.2');
  const expected = await idsOf('PUBLIC', 'demo', ', flavorId: "kc1.large.2"');
  expect(expected.length).toBeGreaterThan(0);
  await expect.poll(idsShown).toEqual(expected.slice(0, 20));

  await page.getByLabel('Runs on flavor').fill('nonsense');
  await page.getByRole('alert').getByText('The image service refused the query. Invalid flavor').waitFor();
});

test('a keyboard is enough to choose an image; its id is on the page and in the URL', async () => {
  await open();
  await rows().first().waitFor();
  const ids = await idsOf('PUBLIC');
  while (!(await list().evaluate((box) => box === document.activeElement))) await page.keyboard.press('Tab');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
  await page
    .getByRole('complementary')
    .getByText(ids[1] ?? '')
    .waitFor();
  expect(page.url()).toContain(`image=${ids[1]}`);
  expect(await list().getAttribute('aria-activedescendant')).toBe(`image-${ids[1]}`);
  await expectAccessible();
  await page.screenshot({ path: `${pictures}picker.png` });

  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible();
  await page.screenshot({ path: `${pictures}picker-dark.png` });

  await page.reload();
  await page
    .getByRole('complementary')
    .getByText(ids[1] ?? '')
    .waitFor();
});

test('an upstream that fails is told in a sentence, and trying again helps once it is back', async () => {
  gateway.ims.faults.add({ kind: 'status', status: 503 });
  await open();
  await page.getByRole('alert').getByText('The image service cannot be reached or failed.').waitFor();
  await expectAccessible();
  gateway.ims.faults.clear();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(idsShown).toEqual((await idsOf('PUBLIC')).slice(0, 20));
});

test('another token shows what that project sees', async () => {
  await open('?type=PRIVATE');
  await rows().first().waitFor();
  await page.getByLabel('Token').fill('demo-b');
  const expected = await idsOf('PRIVATE', 'demo-b');
  expect(expected).not.toEqual(await idsOf('PRIVATE'));
  await expect.poll(idsShown).toEqual(expected.slice(0, 20));
});
