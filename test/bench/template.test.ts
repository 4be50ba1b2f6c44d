import { expect, test } from 'vitest';
import { fillTemplate } from '../../bench/load/template.ts';

test('a request is made of its number', () => {
  const body =
    '{"query":"{ page@@COUNT@@: images }","at":"gte:@@TIME@@","page":"@@PAGE@@","on":"@@BIT0@@","of":"@@BIT1@@"}';
  expect(JSON.parse(fillTemplate({ body, pages: 3 }, 7))).toEqual({
    query: '{ page7: images }',
    at: 'gte:1970-01-01T00:00:07Z',
    page: '1970-01-01T00:00:01Z',
    on: false,
    of: true,
  });
});

test('no request comes twice before all selections of all pages have', () => {
  const body = '"@@PAGE@@" "@@BIT0@@" "@@BIT1@@" "@@BIT2@@"';
  const bodies = Array.from({ length: 5 * 2 ** 3 }, (_, n) => fillTemplate({ body, pages: 5 }, n));
  expect(new Set(bodies).size).toBe(bodies.length);
});
