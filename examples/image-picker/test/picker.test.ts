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
  page = await browser.newPage({ viewport: { width: 1360, height: 850 } });
});

const open = async (search = ''): Promise<void> => {
  await page.goto(`${site.url}${search}`);
};
const list = () => page.getByRole('listbox', { name: 'Images' });
const rows = () => page.getByRole('option').filter({ has: page.locator('.name') });
const count = () => page.locator('.count');
const chosen = () => page.getByRole('complementary', { name: 'Chosen image' });
const retry = () => page.getByRole('button', { name: 'Try again' });
/** How many pages of a list were asked for upstream since the last call. */
const takePages = (): number => gateway.takeRequests().filter((query) => query.includes('limit=21&')).length;
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

test('a page costs one upstream request', async () => {
  await open();
  await rows().nth(19).waitFor();
  await count().getByText('images').waitFor();
  takePages();
  await list().evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await rows().nth(39).waitFor();
  expect(takePages()).toBe(1);
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
  await chosen()
    .getByText(ids[60] ?? '')
    .waitFor();

  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  const row = page.locator(`#image-${ids[60]}`);
  await row.waitFor();
  await expect.poll(() => row.getAttribute('aria-selected')).toBe('true');
  await page.locator(`#image-${ids[40]}`).waitFor({ state: 'attached' });
  const isInSight = await row.evaluate((one) => {
    const [box, { top, bottom }] = [one.parentElement?.getBoundingClientRect(), one.getBoundingClientRect()];
    return box !== undefined && box.top <= top && bottom <= box.bottom;
  });
  expect(isInSight).toBe(true);
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

  await page.getByRole('group', { name: 'Platform' }).getByText('Ubuntu').click();
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
  for (const key of ['ArrowDown', 'PageDown', 'Home', 'ArrowDown', 'ArrowDown', 'ArrowUp'])
    await page.keyboard.press(key);
  await chosen()
    .getByText(ids[1] ?? '')
    .waitFor();
  expect(page.url()).toContain(`image=${ids[1]}`);
  expect(await list().getAttribute('aria-activedescendant')).toBe(`image-${ids[1]}`);
  await expectAccessible();
  await page.screenshot({ path: `${pictures}picker.png` });

  await page.getByRole('radio', { name: 'Public' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(idsShown).toEqual((await idsOf('PRIVATE')).slice(0, 20));
  const isPrivateFocused = () => page.getByRole('radio', { name: 'Private' }).evaluate((box) => box.matches(':focus'));
  expect(await isPrivateFocused()).toBe(true);
  await chosen()
    .getByText(ids[1] ?? '')
    .waitFor();
  await page.goBack();
  await list().focus();

  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible();
  await page.screenshot({ path: `${pictures}picker-dark.png` });

  await page.reload();
  await chosen()
    .getByText(ids[1] ?? '')
    .waitFor();
});

test('an upstream that fails is told in a sentence, and trying again helps once it is back', async () => {
  gateway.ims.faults.add({ kind: 'status', status: 503 });
  await open();
  await page.getByRole('alert').getByText('The image service cannot be reached or failed.').waitFor();
  await expectAccessible();
  gateway.ims.faults.clear();
  await retry().click();
  await expect.poll(idsShown).toEqual((await idsOf('PUBLIC')).slice(0, 20));
});

test('a further page that fails leaves the list, and is asked for again in its own direction', async () => {
  const { data } = await gateway.ask(
    '{ images(first: 40, filter: { type: PUBLIC, status: ACTIVE }) { pageInfo { endCursor } } }',
  );
  gateway.ims.faults.add({ kind: 'status', status: 503 }, { when: (url) => url.includes('sort_dir=asc') });
  await open(`?at=${data.images.pageInfo.endCursor}`);
  await retry().waitFor();
  const expected = await idsOf('PUBLIC');
  expect(await idsShown()).toEqual(expected.slice(40, 60));
  await expectAccessible();

  gateway.ims.faults.clear();
  gateway.takeRequests();
  await retry().click();
  await expect.poll(idsShown).toContain(expected[20]);
  expect(gateway.takeRequests()[0]).toContain('sort_dir=asc');
  await readUntil(expected.length, 'bottom', 'top');
  expect(await idsShown()).toEqual(expected);
});

test('while upstream keeps it waiting, the page says so', async () => {
  gateway.ims.faults.add({ kind: 'hang' });
  await open('?image=some-image');
  await page.getByText('Loading images…').waitFor();
  await chosen().getByText('Loading…').waitFor();
  await expectAccessible();
});

test('the choices stay where they are while they are counted anew', async () => {
  await open();
  const platforms = page.getByRole('group', { name: 'Platform' }).getByRole('radio');
  await platforms.nth(5).waitFor();
  const size = await platforms.count();
  gateway.ims.faults.add({ kind: 'hang' });
  await page.getByRole('group', { name: 'Platform' }).getByText('Debian').click();
  await page.getByText('Loading images…').waitFor();
  expect(await platforms.count()).toBe(size);
});

test('details that cannot be had are asked for again; an id that is none is told', async () => {
  await open();
  await rows().nth(3).waitFor();
  await count().getByText('images').waitFor();
  const [, , , id = ''] = await idsShown();
  gateway.ims.faults.add({ kind: 'status', status: 503 });
  await rows().nth(3).click();
  await chosen().getByRole('alert').waitFor();
  await expectAccessible();
  gateway.ims.faults.clear();
  await retry().click();
  await chosen().getByText(id).waitFor();

  await open('?image=00000000-0000-4000-8000-000000000000');
  await chosen().getByText('There is no such image, or it is not yours to see.').waitFor();
});

test('a link that upstream cannot follow has a way out', async () => {
  await open('?at=nonsense&platform=Ubuntu');
  await page.getByRole('alert').getByText('expected a cursor').waitFor();
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect.poll(idsShown).toEqual((await idsOf('PUBLIC')).slice(0, 20));
  expect(new URL(page.url()).search).toBe('');

  await open('?at=nonsense');
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect.poll(idsShown).toEqual((await idsOf('PUBLIC')).slice(0, 20));
});

test('another token, typed, shows what that project sees', async () => {
  await open('?type=PRIVATE');
  await rows().first().waitFor();
  const token = page.getByLabel('Token');
  await token.click();
  await token.press('End');
  await page.keyboard.type('-b');
  expect(await idsShown()).toEqual((await idsOf('PRIVATE')).slice(0, 20));
  await page.keyboard.press('Enter');
  const expected = await idsOf('PRIVATE', 'demo-b');
  expect(expected).not.toEqual(await idsOf('PRIVATE'));
  await expect.poll(idsShown).toEqual(expected.slice(0, 20));
  expect(await token.inputValue()).toBe('demo-b');

  await token.fill('nobody');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The image service does not know the caller.').waitFor();
});

test('a telephone shows the same, one below the other', async () => {
  await page.setViewportSize({ width: 400, height: 800 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open();
  await rows().nth(2).click();
  await chosen().getByRole('heading').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
  await expectAccessible();
});
