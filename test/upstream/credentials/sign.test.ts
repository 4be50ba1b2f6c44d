import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toImageQuery } from '../../../src/image/query-string.ts';
import {
  type SignableRequest,
  signRequest,
  toCanonicalRequest,
  toSdkDate,
} from '../../../src/upstream/credentials/sign.ts';

const key = { accessKey: 'AccessKey', secretKey: 'SecretKey' };
const date = '20060102T150405Z';

const canonicalHash = (request: SignableRequest): string =>
  createHash('sha256').update(toCanonicalRequest(request)).digest('hex');

const canonicalQuery = (query: string): string =>
  toCanonicalRequest({ method: 'GET', path: '/', query, headers: {} }).split('\n')[2] ?? '';

test('vector 1, of the SDK for Go: a GET of which only the date is signed', () => {
  const request = { method: 'GET', path: '/path', query: 'limit=1', headers: { 'X-Sdk-Date': date } };
  expect(signRequest(request, key)).toBe(
    'SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, ' +
      'Signature=5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624',
  );
});

test('vector 2, of the SDK for Go: a POST with a body', () => {
  const body = '{"Name":"test","Id":1}\n';
  const request = { method: 'POST', path: '/path', query: 'key=value', headers: { 'X-Sdk-Date': date }, body };
  expect(signRequest(request, key)).toMatch(
    /Signature=cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59$/,
  );
});

test('vector 3, of the SDK for Go: a query of every sort of character, with a repeated name', () => {
  const query = toImageQuery([
    ['limit', '1'],
    ['enable', 'true'],
    ['test', '一 (&=?!#%.*)'],
    ['path', '/tmp/123'],
    ['multi', '2'],
    ['multi', '1'],
    ['multi', '3'],
  ]);
  expect(canonicalQuery(query)).toBe(
    'enable=true&limit=1&multi=1&multi=2&multi=3&path=%2Ftmp%2F123&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29',
  );
});

test('vector 4, of the signing guide: the hash of the canonical request', () => {
  const request = {
    method: 'GET',
    path: '/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs',
    query: 'limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
    headers: {
      'Content-Type': 'application/json',
      Host: 'service.region.example.com',
      'X-Sdk-Date': '20191115T033655Z',
    },
  };
  expect(canonicalHash(request)).toBe('b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a');
});

test('vector 5: an image list with a project', () => {
  const request = {
    method: 'GET',
    path: '/v2/cloudimages',
    query: toImageQuery([
      ['__imagetype', 'gold'],
      ['sort_key', 'name'],
      ['limit', '1'],
      ['created_at', 'lt:2018-10-28T10:00:00Z'],
      ['name', 'CentOS 7.3 64bit vivado'],
    ]),
    headers: { Host: 'ims.example.com', 'X-Project-Id': '1bed856811654c1cb661a6ca845ebc77', 'X-Sdk-Date': date },
  };
  expect(canonicalHash(request)).toBe('e7a150a445816059beccc8226204ca534316297f839818840445959c0fff3c8a');
  expect(signRequest(request, key)).toBe(
    'SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=host;x-project-id;x-sdk-date, ' +
      'Signature=118e35a11b286973657d8c7c15e07167d6024f703e958f012670243171429706',
  );
});

test('vector 5: an image list by the path of the manual', () => {
  const request = {
    method: 'GET',
    path: '/v1/cloudimages/fuzzy',
    query: '__imagetype=gold&limit=1',
    headers: { host: 'ims.example.com', 'x-sdk-date': date },
  };
  expect(canonicalHash(request)).toBe('46fdbe11877881714e4caa807556767fb7f766fe2ce6e816fd18ad51d75074ff');
  expect(signRequest(request, key)).toMatch(
    /Signature=2d8e794138b6d4ff6cae39a6c599789e6e4c8b7933da3a58422793c49e9d116c$/,
  );
});

test('the canonical query is sorted by name, also where the text of the query is not, and an empty value keeps its "="', () => {
  expect(
    toImageQuery([
      ['hw_a', '1'],
      ['hw_a1', '2'],
    ]),
  ).toBe('hw_a1=2&hw_a=1');
  expect(canonicalQuery('hw_a1=2&hw_a=1&b=&a')).toBe('a=&b=&hw_a=1&hw_a1=2');
});

test('a moment as the date header has it: to the second, in UTC', () => {
  expect(toSdkDate(Date.UTC(2006, 0, 2, 15, 4, 5, 999))).toBe(date);
});
