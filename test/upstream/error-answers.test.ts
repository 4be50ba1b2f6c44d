import { test } from 'vitest';
import { answer } from '../support/fault-server.ts';
import { TOKEN } from '../support/faulty-gateway.ts';
import { type ExpectedFailure, expectOneFailure } from './expect-one-failure.ts';

type Row = ExpectedFailure & { readonly title: string };

const html = '<html><head><title>503</title></head><body>SERVER-BANNER at ims-node-7.internal</body></html>';
const htmlSecrets = ['SERVER-BANNER', 'ims-node-7', '<html>'];

const ofIms = (code: string, message: string) => ({ error: { message, code } });

/** The statuses of the manual, and those of the API gateway in front of it. */
const byStatus: Row[] = (
  [
    [400, 'UPSTREAM_BAD_REQUEST', 'IMG.0024', 'Invalid image type'],
    [401, 'UNAUTHENTICATED', 'IMG.0087', 'The token is incorrect.'],
    [403, 'FORBIDDEN', 'IMG.0026', 'No permission to perform the operation'],
    [404, 'UPSTREAM_NOT_FOUND', 'IMG.0144', 'The image does not exist.'],
    [405, 'UPSTREAM_BAD_REQUEST', 'IMG.0017', 'The URL format is incorrect.'],
    [408, 'UPSTREAM_TIMEOUT', 'APIGW.0201', 'Request timeout'],
    [413, 'UPSTREAM_BAD_REQUEST', 'APIGW.0201', 'Request entity too large'],
    [414, 'UPSTREAM_BAD_REQUEST', 'APIGW.0201', 'Request URI too large'],
    [429, 'UPSTREAM_THROTTLED', 'APIGW.0308', 'The throttling threshold has been reached: limit:100,time:1 minute'],
    [494, 'UPSTREAM_BAD_REQUEST', 'APIGW.0201', 'Request header too large'],
    [500, 'UPSTREAM_UNAVAILABLE', 'IMG.0061', 'Unknown system error'],
    [502, 'UPSTREAM_UNAVAILABLE', 'APIGW.0201', 'Backend unavailable'],
    [503, 'UPSTREAM_UNAVAILABLE', 'APIGW.0613', 'IAM is down'],
    [504, 'UPSTREAM_TIMEOUT', 'APIGW.0201', 'Backend timeout'],
  ] as const
).map(([status, code, upstreamCode, message]) => ({
  title: `status ${status}`,
  fault: answer(status, ofIms(upstreamCode, message), { Server: 'SERVER-BANNER' }),
  code,
  upstream: { status, code: upstreamCode, message },
  ...(status === 429 ? { retryAfterSeconds: 60 } : {}),
  hidden: ['SERVER-BANNER'],
}));

const requestId = '4db2e8a1f27d6c0b93a1';

/** Every shape in which an error is said. */
const byShape: Row[] = [
  {
    title: 'the form of the API gateway, with its request id',
    fault: answer(401, {
      error_code: 'APIGW.0301',
      error_msg: 'Incorrect IAM authentication information: decrypt token fail',
      request_id: requestId,
    }),
    code: 'UNAUTHENTICATED',
    upstream: {
      status: 401,
      code: 'APIGW.0301',
      message: 'Incorrect IAM authentication information: decrypt token fail',
      requestId,
    },
  },
  {
    title: 'the newer form of IMS',
    fault: answer(400, { error_msg: 'Invalid message format', error_code: 'IMG.0001' }),
    code: 'UPSTREAM_BAD_REQUEST',
    upstream: { status: 400, code: 'IMG.0001', message: 'Invalid message format' },
  },
  {
    title: 'the form of IAM, whose code is a number',
    fault: answer(
      401,
      { error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' } },
      { 'X-IAM-Trace-Id': 'token_cn-north-4_null_8a3c5f0d2b7e49d6a1c40b5e6f7a8d9c' },
    ),
    code: 'UNAUTHENTICATED',
    upstream: {
      status: 401,
      code: '401',
      message: 'The request you have made requires authentication.',
      requestId: 'token_cn-north-4_null_8a3c5f0d2b7e49d6a1c40b5e6f7a8d9c',
    },
  },
  {
    title: 'the form of Glance',
    fault: answer(
      400,
      { message: 'Invalid sort key', code: '400 Bad Request', title: 'Bad Request' },
      { 'X-Openstack-Request-Id': 'req-3f1a8c52-90b7-4d1e-8f43-0c9be7d5a6f1' },
    ),
    code: 'UPSTREAM_BAD_REQUEST',
    upstream: {
      status: 400,
      code: '400 Bad Request',
      message: 'Invalid sort key',
      requestId: 'req-3f1a8c52-90b7-4d1e-8f43-0c9be7d5a6f1',
    },
  },
  {
    title: 'the form of the policy engine, whose message is encoded',
    fault: answer(403, {
      error_code: 'IMG.0026',
      error_msg: 'Policy does not allow ims:images:list to be performed.',
      encoded_authorization_message: 'ENCODED-AUTHORIZATION',
      details: [{ error_code: 'IMG.0161', error_msg: 'SECOND-MESSAGE' }],
    }),
    code: 'FORBIDDEN',
    upstream: {
      status: 403,
      code: 'IMG.0026',
      message: 'Policy does not allow ims:images:list to be performed.',
    },
    hidden: ['ENCODED-AUTHORIZATION', 'SECOND-MESSAGE'],
  },
  {
    title: 'an error within a list of details',
    fault: answer(403, { details: [{ error_code: 'IMG.0161', error_msg: 'No permission' }] }),
    code: 'FORBIDDEN',
    upstream: { status: 403, code: 'IMG.0161', message: 'No permission' },
  },
  {
    title: 'an error under a name of its own',
    fault: answer(404, { itemNotFound: { code: 404, message: 'Not there' } }),
    code: 'UPSTREAM_NOT_FOUND',
    upstream: { status: 404, code: '404', message: 'Not there' },
  },
  {
    title: 'an error without a message',
    fault: answer(500, { error: { code: 'IMG.0061' } }),
    code: 'UPSTREAM_UNAVAILABLE',
    upstream: { status: 500, code: 'IMG.0061' },
  },
  {
    title: 'two request ids, of which the header counts',
    fault: answer(500, { error_code: 'APIGW.0601', request_id: 'OF-THE-BODY' }, { 'X-Request-Id': requestId }),
    code: 'UPSTREAM_UNAVAILABLE',
    upstream: { status: 500, code: 'APIGW.0601', requestId },
    hidden: ['OF-THE-BODY'],
  },
  {
    title: 'HTML of a load balancer',
    fault: answer(503, html, { 'Content-Type': 'text/html', 'X-Request-Id': requestId }),
    code: 'UPSTREAM_UNAVAILABLE',
    upstream: { status: 503, requestId },
    hidden: htmlSecrets,
  },
  {
    title: 'HTML of Glance',
    fault: answer(401, html, { 'Content-Type': 'text/html' }),
    code: 'UNAUTHENTICATED',
    upstream: { status: 401 },
    hidden: htmlSecrets,
  },
  ...[
    { title: 'an empty body', body: '' },
    { title: 'a text', body: 'SERVER-BANNER: upstream connect error' },
    { title: 'truncated JSON', body: '{"error_code":"SERVER-BANNER' },
    { title: 'null', body: 'null' },
    { title: 'a JSON text', body: '"SERVER-BANNER"' },
    { title: 'a list of texts', body: ['SERVER-BANNER'] },
    { title: 'an object of other attributes', body: { fault: 'SERVER-BANNER', error: 'SERVER-BANNER' } },
    { title: 'a message that is an object', body: { message: { text: 'SERVER-BANNER' }, code: ['SERVER-BANNER'] } },
  ].map(
    ({ title, body }): Row => ({
      title: `${title} in place of an error`,
      fault: answer(502, body),
      code: 'UPSTREAM_UNAVAILABLE',
      upstream: { status: 502 },
      hidden: ['SERVER-BANNER'],
    }),
  ),
];

const cutToken = TOKEN.slice(0, 30);

/** Messages that quote what no client may read; `shown` is what is left of them. */
const secretive: Row[] = [
  {
    title: 'an access key',
    said: 'Get secretKey failed,ak:HPUAAKIDEXAMPLE,err:ak not exist',
    shown: 'Get secretKey failed,ak:[hidden],err:ak not exist',
  },
  {
    title: 'keys under other names',
    said: 'accessKeyId=HPUAAKIDEXAMPLE; X-Security-Token: "HPUAAKIDEXAMPLE" "secretKey": "HPUAAKIDEXAMPLE"',
    shown: 'accessKeyId=[hidden]; X-Security-Token: "[hidden]" "secretKey": "[hidden]"',
  },
  {
    title: 'a signature',
    said: 'Authorization: SDK-HMAC-SHA256 Access=HPUAAKIDEXAMPLE, Signature=HPUAAKIDEXAMPLE',
    shown: 'Authorization: [hidden] Access=[hidden], Signature=[hidden]',
  },
  {
    title: 'a bearer',
    said: 'got bearer HPUAAKIDEXAMPLE-HPUAAKIDEXAMPLE instead',
    shown: 'got bearer [hidden] instead',
  },
  { title: 'the token', said: `token ${TOKEN} is stale`, shown: 'token [hidden] is stale' },
  { title: 'the token where it is named', said: `X-Auth-Token:${TOKEN}`, shown: 'X-Auth-Token:[hidden]' },
  { title: 'the token in other words', said: `<${TOKEN}${TOKEN}>`, shown: '<[hidden][hidden]>' },
  { title: 'part of a long token', said: `bad ${'MIIF0a/+'.repeat(8)} here`, shown: 'bad [hidden] here' },
  {
    title: 'an address',
    said: 'Get https://ims-node-7.internal:9292/v2/cloudimages?limit=2 failed: dial 10.3.4.5:9292 refused',
    shown: 'Get [address] failed: dial [address] refused',
  },
].map(({ title, said, shown }) => ({
  title: `${title} within a message`,
  fault: answer(401, { error_code: 'APIGW.0301', error_msg: said }),
  code: 'UNAUTHENTICATED',
  upstream: { status: 401, code: 'APIGW.0301', message: shown },
  hidden: ['HPUAAKIDEXAMPLE', cutToken, 'MIIF0a/+', 'ims-node-7', '10.3.4.5', '9292'],
}));

const elsewhere: Row[] = [
  {
    title: 'the token as error code',
    fault: answer(400, { error_code: TOKEN, error_msg: 'Odd' }),
    code: 'UPSTREAM_BAD_REQUEST',
    upstream: { status: 400, code: '[hidden]', message: 'Odd' },
  },
  {
    title: 'the token as request id of the head',
    fault: answer(400, { error_msg: 'Odd' }, { 'X-Request-Id': `for-${TOKEN}` }),
    code: 'UPSTREAM_BAD_REQUEST',
    upstream: { status: 400, message: 'Odd', requestId: 'for-[hidden]' },
  },
  {
    title: 'the token as request id of the body',
    fault: answer(400, { error_msg: 'Odd', request_id: `${'x'.repeat(90)}${TOKEN}` }),
    code: 'UPSTREAM_BAD_REQUEST',
    upstream: { status: 400, message: 'Odd', requestId: `${'x'.repeat(90)}[hidden]` },
    hidden: [TOKEN.slice(0, 5)],
  },
  {
    title: 'the token where a long message is cut',
    fault: answer(400, { error_msg: `${'Odd. '.repeat(98)}${TOKEN} and more` }),
    code: 'UPSTREAM_BAD_REQUEST',
    upstream: { status: 400, message: `${'Odd. '.repeat(98)}[hidden] a` },
    hidden: [TOKEN.slice(0, 5)],
  },
  {
    title: 'a message of a million characters',
    fault: answer(400, { error_msg: 'key-'.repeat(250_000) }),
    code: 'UPSTREAM_BAD_REQUEST',
    upstream: { status: 400, message: '[hidden]' },
  },
  {
    title: 'an error nested a thousand deep',
    fault: answer(400, `${'{"error":'.repeat(1000)}{"message":"SERVER-BANNER"}${'}'.repeat(1000)}`),
    code: 'UPSTREAM_BAD_REQUEST',
    upstream: { status: 400 },
    hidden: ['SERVER-BANNER'],
  },
];

test.concurrent.for([...byStatus, ...byShape, ...secretive, ...elsewhere])(
  '$title: one $code at the cost of one upstream request, and the next request is answered',
  expectOneFailure,
);

test('the host of the image service is hidden wherever a message quotes it', async () => {
  await expectOneFailure({
    fault: (socket, target) => {
      const host = `127.0.0.1:${socket.localPort}`;
      answer(500, { error: { code: 'IMG.0061', message: `no route from ${host} to ${host}/v1` } })(socket, target);
    },
    code: 'UPSTREAM_UNAVAILABLE',
    upstream: { status: 500, code: 'IMG.0061', message: 'no route from [hidden] to [hidden]/v1' },
  });
});
