import { test } from 'vitest';
import { answer, bytes, chunk, chunkedHead, hang, reset, trickle } from '../support/fault-server.ts';
import { type ExpectedFailure, expectOneFailure } from './expect-one-failure.ts';

type Row = ExpectedFailure & { readonly title: string };

const unusable = (expectation: string) => `The image service answered what cannot be used: expected ${expectation}.`;

const noList = unusable('an object with a list "images"');
const noId = (place: string) => unusable(`an id on every image, but image ${place} has none`);
const tooLarge = 'The answer of the image service is too large to read.';

const image = { id: 'image-1', name: 'NAME-OF-AN-IMAGE' };
const hidden = ['NAME-OF-AN-IMAGE', 'image-1', 'SERVER-BANNER', '/usr/lib'];
const requestId = '4db2e8a1f27d6c0b';
const named = { 'X-Request-Id': requestId, Server: 'SERVER-BANNER' };
const halfPage = `{"images":[${JSON.stringify(image)},`;
const html = '<html><body><h1>It works!</h1>NAME-OF-AN-IMAGE /usr/lib</body></html>';

const unusableBodies: Row[] = [
  { title: 'HTML', body: html, message: unusable(`JSON, but received ${html.length} characters that are not`) },
  {
    title: 'truncated JSON',
    body: halfPage,
    message: unusable(`JSON, but received ${halfPage.length} characters that are not`),
  },
  { title: 'an empty body', body: '', message: unusable('JSON, but received 0 characters that are not') },
  { title: 'an array', body: [image], message: noList },
  { title: 'null', body: 'null', message: noList },
  { title: 'a number', body: '12', message: noList },
  { title: 'an object without images', body: { image }, message: noList },
  { title: 'images that are null', body: { images: null }, message: noList },
  { title: 'images that are an object', body: { images: { 0: image } }, message: noList },
  { title: 'an error under 200', body: { error_code: 'APIGW.0301', error_msg: 'NAME-OF-AN-IMAGE' }, message: noList },
  { title: 'an image that is null', body: { images: [image, null] }, message: noId('1 of 2') },
  { title: 'an image that is a text', body: { images: ['image-1'] }, message: noId('0 of 1') },
  { title: 'an image without id', body: { images: [{ name: 'NAME-OF-AN-IMAGE' }, image] }, message: noId('0 of 2') },
  { title: 'an image whose id is a number', body: { images: [{ ...image, id: 17 }] }, message: noId('0 of 1') },
  { title: 'an image whose id is empty', body: { images: [{ ...image, id: '' }] }, message: noId('0 of 1') },
].map(({ title, body, message }) => ({
  title: `${title} with status 200`,
  fault: answer(200, body, named),
  code: 'UPSTREAM_INVALID_RESPONSE',
  message,
  upstream: { status: 200, requestId },
  hidden,
}));

const limit = { IMS_MAX_BODY_BYTES: '1024' };
const large = JSON.stringify({ images: [{ ...image, padding: 'x'.repeat(1024) }] });

const unusableHttp: Row[] = [
  {
    title: 'a body that claims to be compressed, though nobody asked for that',
    fault: answer(200, '\u001f\u008b garbage', { ...named, 'Content-Encoding': 'gzip' }),
    code: 'UPSTREAM_INVALID_RESPONSE',
    message: unusable('JSON, but received 10 characters that are not'),
    upstream: { status: 200, requestId },
  },
  {
    title: 'a body over the limit, announced',
    env: limit,
    fault: answer(200, large, named),
    code: 'UPSTREAM_INVALID_RESPONSE',
    message: tooLarge,
    upstream: { status: 200, requestId },
  },
  {
    title: 'a body over the limit, not announced',
    env: limit,
    fault: bytes(chunkedHead(200) + chunk(large.slice(0, 600)) + chunk(large.slice(600))),
    code: 'UPSTREAM_INVALID_RESPONSE',
    message: tooLarge,
    upstream: { status: 200 },
  },
  {
    title: 'an endless body',
    env: limit,
    fault: trickle('x'.repeat(500), 1),
    code: 'UPSTREAM_INVALID_RESPONSE',
    message: tooLarge,
    upstream: { status: 200 },
  },
  {
    title: 'an error whose body is over the limit',
    env: limit,
    fault: answer(503, large, named),
    code: 'UPSTREAM_INVALID_RESPONSE',
    message: tooLarge,
    upstream: { status: 503, requestId },
  },
  {
    title: 'a redirect, which is not followed',
    fault: answer(302, '', { Location: 'http://elsewhere.example/NAME-OF-AN-IMAGE', ...named }),
    code: 'UPSTREAM_INVALID_RESPONSE',
    upstream: { status: 302, requestId },
    hidden: ['elsewhere.example'],
  },
  {
    title: '204',
    fault: bytes('HTTP/1.1 204 No Content\r\n\r\n'),
    code: 'UPSTREAM_INVALID_RESPONSE',
    upstream: { status: 204 },
  },
  {
    title: '304, which was not asked for',
    fault: bytes('HTTP/1.1 304 Not Modified\r\n\r\n'),
    code: 'UPSTREAM_INVALID_RESPONSE',
    upstream: { status: 304 },
  },
  { title: 'no HTTP at all', fault: bytes('220 NAME-OF-AN-IMAGE ESMTP\r\n'), code: 'UPSTREAM_INVALID_RESPONSE' },
  {
    title: 'a length that is no number',
    fault: bytes('HTTP/1.1 200 OK\r\nContent-Length: NAME-OF-AN-IMAGE\r\n\r\n'),
    code: 'UPSTREAM_INVALID_RESPONSE',
  },
  {
    title: 'a broken chunk',
    fault: bytes(`${chunkedHead(200, named)}NAME-OF-AN-IMAGE\r\n`),
    code: 'UPSTREAM_INVALID_RESPONSE',
    upstream: { status: 200, requestId },
  },
  {
    title: 'headers without end',
    fault: bytes(`HTTP/1.1 200 OK\r\n${'X-Padding: NAME-OF-AN-IMAGE\r\n'.repeat(2000)}`),
    code: 'UPSTREAM_INVALID_RESPONSE',
  },
  {
    title: 'a protocol switch that nobody asked for',
    fault: bytes('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'),
    code: 'UPSTREAM_UNAVAILABLE',
  },
];

const breaks: Row[] = [
  { title: 'a reset before the headers', fault: reset(), code: 'UPSTREAM_UNAVAILABLE' },
  { title: 'an end within the headers', fault: reset('HTTP/1.1 200 OK\r\nContent-'), code: 'UPSTREAM_UNAVAILABLE' },
  {
    title: 'a reset within a body of known length',
    fault: reset(`HTTP/1.1 200 OK\r\nContent-Length: 500\r\nX-Request-Id: ${requestId}\r\n\r\n${halfPage}`),
    code: 'UPSTREAM_UNAVAILABLE',
    upstream: { status: 200, requestId },
    hidden,
  },
  {
    title: 'a reset within a chunked body',
    fault: reset(chunkedHead(200) + chunk(halfPage)),
    code: 'UPSTREAM_UNAVAILABLE',
    upstream: { status: 200 },
    hidden,
  },
  {
    title: 'a reset within the body of an error',
    fault: reset(chunkedHead(503) + chunk(halfPage)),
    code: 'UPSTREAM_UNAVAILABLE',
    upstream: { status: 503 },
    hidden,
  },
  {
    title: 'a reset within the body of a refusal, which is one all the same',
    fault: reset(chunkedHead(401, named) + chunk(halfPage)),
    code: 'UNAUTHENTICATED',
    upstream: { status: 401, requestId },
    hidden,
  },
];

const silences: Row[] = [
  { title: 'no headers in time', env: { IMS_HEADERS_TIMEOUT_MS: '300' }, fault: hang, code: 'UPSTREAM_TIMEOUT' },
  {
    title: 'headers without a body in time',
    env: { IMS_BODY_TIMEOUT_MS: '300' },
    fault: bytes(chunkedHead(200, named)),
    code: 'UPSTREAM_TIMEOUT',
    upstream: { status: 200, requestId },
  },
  {
    title: 'a body that stops',
    env: { IMS_BODY_TIMEOUT_MS: '300' },
    fault: bytes(chunkedHead(200) + chunk(halfPage)),
    code: 'UPSTREAM_TIMEOUT',
    upstream: { status: 200 },
    hidden,
  },
  ...[
    { title: 'no headers before the deadline', fault: hang },
    { title: 'headers but no body before the deadline', fault: bytes(chunkedHead(200)) },
    { title: 'a body that trickles on beyond the deadline', fault: trickle(' ', 10) },
    { title: 'an error whose body trickles on beyond the deadline', fault: bytes(chunkedHead(500) + chunk('{')) },
  ].map(({ title, fault }) => ({
    title,
    fault,
    env: { IMS_DEADLINE_MS: '600' },
    code: 'UPSTREAM_TIMEOUT' as const,
    message: 'The image service did not answer within 600 ms.',
    withinMs: 3000,
  })),
];

test.concurrent.for([...unusableBodies, ...unusableHttp, ...breaks, ...silences])(
  '$title: one $code at the cost of one upstream request, and the next request is answered',
  expectOneFailure,
);
