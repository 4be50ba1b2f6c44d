import { expect, test } from 'vitest';
import { complaintOf, differenceOf } from '../../bench/ask.ts';

const answered = (status: number, json: unknown) => ({ status, json });

test('a difference between two pages is named by its image', () => {
  const page = { rows: [{ id: 'a', os: { platform: 'x' } }], beside: { totalCount: 1 } };
  expect(differenceOf(page, page)).toBeNull();
  expect(differenceOf(page, { rows: [{ id: 'a', os: { platform: 'y' } }] })).toContain('image 0: expected');
  expect(differenceOf(page, { rows: [] })).toBe('expected 1 images, but received 0');
  expect(differenceOf(page, { ...page, beside: { totalCount: null } })).toContain('beside the images: expected');
});

test('what one contestant shows beyond the question does not make it different', () => {
  expect(differenceOf({ rows: [{ id: 'a' }] }, { rows: [{ id: 'a', name: 'more' }] })).toBeNull();
});

test('an empty page compares nothing, and so is no likeness', () => {
  expect(differenceOf({ rows: [] }, { rows: [] })).toBe('expected images, but there are none');
});

test('an answer with another status or with errors is complained of', () => {
  expect(complaintOf(answered(200, { data: {} }))).toBeNull();
  expect(complaintOf(answered(200, { data: null, errors: [{ message: 'no' }] }))).toContain('no');
  expect(complaintOf(answered(503, null))).toContain('status 503');
});
