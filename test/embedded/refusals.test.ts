import { describe, expect, test } from 'vitest';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import { startEmbedded } from './harness.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a request that the API gateway stops', () => {
  test('without a token is answered 401', async () => {
    const { ask } = await startEmbedded();
    const { response, body } = await ask([], { token: null });
    expect(response.status).toBe(401);
    expect(body).toEqual({
      error_code: 'APIGW.0301',
      error_msg: 'Incorrect IAM authentication information: X-Auth-Token is missing',
      request_id: response.headers.get('x-request-id'),
    });
  });

  test('with an unknown token is answered 401, and the token is not repeated', async () => {
    const { get } = await startEmbedded();
    const response = await get('/v2/cloudimages', 'MII-secret');
    const text = await response.text();
    expect(response.status).toBe(401);
    expect(JSON.parse(text)).toMatchObject({
      error_code: 'APIGW.0301',
      error_msg: 'Incorrect IAM authentication information: decrypt token fail',
    });
    expect(text + JSON.stringify([...response.headers])).not.toContain('secret');
  });

  test.for(['/', '/v2/cloudimages/', '/v2/images', '/v1/cloudimages', '/v1/cloudimages/fuzzy/x'])(
    'for the path %s is answered 404, whoever asks',
    async (path) => {
      const { get } = await startEmbedded();
      const response = await get(path, null);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        error_code: 'APIGW.0101',
        request_id: expect.stringMatching(uuid),
      });
    },
  );

  test.for(['POST', 'DELETE', 'PUT'])('with the method %s is answered 404 as no such API', async (method) => {
    const { get } = await startEmbedded();
    const response = await get('/v2/cloudimages', 'demo', { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error_code: 'APIGW.0101' });
  });
});

test('a project without ims:images:list is answered 403', async () => {
  const { ask } = await startEmbedded();
  const { response, body } = await ask([], { token: 'demo-forbidden' });
  expect(response.status).toBe(403);
  expect(body).toMatchObject({ error: { code: 'IMG.0026' } });
});

const long = 'x'.repeat(500);
const bad: readonly (readonly [query: string, code: string, message: RegExp])[] = [
  ['limit=-1', 'IMG.0001', /"limit": expected a non-negative integer, but received "-1"/],
  ['limit=', 'IMG.0001', /"limit".*""/],
  ['limit=1.5', 'IMG.0001', /"limit"/],
  ['limit=ten', 'IMG.0001', /"limit"/],
  ['sort_key=updated_at', 'IMG.0001', /"sort_key": expected one of name, .*created_at, but received "updated_at"/],
  ['sort_key=constructor', 'IMG.0001', /"sort_key"/],
  ['sort_dir=down', 'IMG.0001', /"sort_dir": expected asc or desc, but received "down"/],
  ['sort_dir=DESC', 'IMG.0001', /"sort_dir"/],
  ['marker=no-such-image', 'IMG.0144', /"marker": expected the id of an image, but received "no-such-image"/],
  ['marker=', 'IMG.0144', /"marker"/],
  ['limit=0&marker=x', 'IMG.0144', /"marker"/],
  ['__isregistered=yes', 'IMG.0001', /"__isregistered"/],
  [
    '__imagetype=public',
    'IMG.0024',
    /"__imagetype": expected one of gold, private, shared, market, but received "public"/,
  ],
  ['__whole_image=1', 'IMG.0001', /"__whole_image": expected true or false, but received "1"/],
  ['protected=yes', 'IMG.0001', /"protected"/],
  ['visibility=community', 'IMG.0001', /"visibility"/],
  ['status=ACTIVE', 'IMG.0001', /"status"/],
  ['container_format=docker', 'IMG.0001', /"container_format"/],
  ['disk_format=vhdx', 'IMG.0001', /"disk_format"/],
  ['min_ram=2GB', 'IMG.0055', /"min_ram": expected a non-negative integer, but received "2GB"/],
  ['min_disk=-1', 'IMG.0055', /"min_disk"/],
  ['__os_bit=128', 'IMG.0001', /"__os_bit"/],
  ['__os_type=linux', 'IMG.0001', /"__os_type"/],
  ['virtual_env_type=KVM', 'IMG.0001', /"virtual_env_type"/],
  ['enterprise_project_id=default', 'IMG.0001', /"enterprise_project_id"/],
  ['architecture=ARM', 'IMG.0212', /"architecture": expected one of x86, arm, but received "ARM"/],
  ['created_at=before:2018-10-28T10:00:00Z', 'IMG.0001', /"created_at": expected operator:time .*"before:/],
  ['created_at=gt:2018-10-28', 'IMG.0001', /"created_at"/],
  ['created_at=gt:2018-02-30T10:00:00Z', 'IMG.0001', /"created_at"/],
  ['created_at=2018-10-28T24:00:00Z', 'IMG.0001', /"created_at"/],
  ['updated_at=gt:2018-10-28T10:00:00', 'IMG.0001', /"updated_at"/],
  ['updated_at=', 'IMG.0001', /"updated_at"/],
  ['flavor_id=physical.s4.large', 'IMG.0192', /"flavor_id": expected one ECS flavor/],
  ['flavor_id=zz9.large.2', 'IMG.0192', /"flavor_id"/],
  ['flavor_id=s6', 'IMG.0192', /"flavor_id"/],
  ['flavor_id=s6.large.2,c6.large.2', 'IMG.0192', /"flavor_id"/],
  ['visibility=shared&member_status=all', 'IMG.0001', /"member_status": expected one of accepted, rejected, pending/],
  ['member_status=accepted', 'IMG.0001', /"member_status": expected visibility=shared beside it, but received no vis/],
  ['member_status=accepted&visibility=private', 'IMG.0001', /received visibility="private"/],
  ['__support_xen_gpu_type=M60_vGPU&__support_xen=true', 'IMG.0001', /"__support_xen_gpu_type".*"__support_xen"/],
  ['__support_xen_gpu_type=M60_vGPU&__support_kvm=true', 'IMG.0001', /"__support_xen_gpu_type".*"__support_kvm"/],
  ['__support_xen=true&__support_kvm_gpu_type=V100', 'IMG.0001', /"__support_kvm_gpu_type".*"__support_xen"/],
  ['__support_kvm_gpu_type=V100&__support_kvm=true', 'IMG.0001', /"__support_kvm_gpu_type".*"__support_kvm"/],
  ['__support_xen_hana=true&__support_xen=true', 'IMG.0001', /"__support_xen_hana".*"__support_xen"/],
  ['__support_xen_hana=true&__support_kvm=true', 'IMG.0001', /"__support_xen_hana".*"__support_kvm"/],
  ['__support_kvm_infiniband=true&__support_xen=true', 'IMG.0001', /"__support_kvm_infiniband".*"__support_xen"/],
  [`__imagetype=${long}`, 'IMG.0024', /received "x{60}…"$/],
];

test.for(bad)('%s is refused with 400 %s', async ([query, code, message]) => {
  const { get } = await startEmbedded();
  const response = await get(`/v1/cloudimages/fuzzy?${query}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: { code, message: expect.stringMatching(message) } });
});

test('InfiniBand beside KVM is allowed, as the manual forbids it beside Xen only', async () => {
  const { ids } = await startEmbedded();
  expect(
    await ids([
      ['__support_kvm_infiniband', 'true'],
      ['__support_kvm', 'true'],
    ]),
  ).not.toEqual([]);
});

describe('a marker', () => {
  test('that is a deleted or failed image is unknown', async () => {
    const { ask } = await startEmbedded();
    const gone = loadSampleCatalogue().images.filter(({ status }) => status === 'deleted' || status === 'killed');
    const answers = await Promise.all(gone.map(({ id }) => ask([['marker', id]], { token: 'demo' })));
    expect(answers.map(({ response }) => response.status)).toEqual([400, 400]);
  });

  test('that is a private image of another project is refused with 403', async () => {
    const { ask, ids } = await startEmbedded();
    const [marker = ''] = await ids([
      ['visibility', 'private'],
      ['limit', '1'],
    ]);
    const { response, body } = await ask([['marker', marker]], { token: 'demo-b' });
    expect(response.status).toBe(403);
    expect(body).toMatchObject({ error: { code: 'IMG.0026' } });
  });
});

test('every answer is JSON with its own request id, whatever the client sends as one', async () => {
  const { url } = await startEmbedded();
  const answers = await Promise.all(
    ['/v2/cloudimages?limit=1', '/v2/cloudimages?limit=x', '/nowhere'].map((path) =>
      fetch(url + path, { headers: { 'X-Auth-Token': 'demo', 'X-Request-Id': 'mine' } }),
    ),
  );
  const ids = answers.map(({ headers }) => headers.get('x-request-id'));
  expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual(Array(3).fill('application/json'));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(uuid);
});
