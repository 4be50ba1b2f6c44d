import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { manualParameters, pagingArguments } from '../support/manual.ts';

const query = `query ($filter: ImageFilter) { images(first: 100, filter: $filter) { edges { node { id } } } }`;
const page = ['limit=101', 'sort_dir=desc', 'sort_key=created_at'];

const key = '90a816fe-33c9-4268-88bf-6f7148fdf384';
const project = 'ed7d42abfb08ac33e24183c4c6baeb73';

/** GraphQL input, then exactly the parameter that it becomes. */
const criteria: readonly (readonly [filter: string, parameter: string])[] = [
  ['{ registered: false }', '__isregistered=false'],
  ['{ type: PUBLIC }', '__imagetype=gold'],
  ['{ fullEcs: true }', '__whole_image=true'],
  [`{ storage: { encryptionKeyId: "${key}" } }`, `__system__cmkid=${key}`],
  ['{ protected: false }', 'protected=false'],
  ['{ visibility: PRIVATE }', 'visibility=private'],
  [`{ owner: "${project}" }`, `owner=${project}`],
  ['{ id: "6e6a1a42-4bc2-46ca-bb5e-a56d8d8920a9" }', 'id=6e6a1a42-4bc2-46ca-bb5e-a56d8d8920a9'],
  ['{ status: QUEUED }', 'status=queued'],
  ['{ name: "CentOS 7.4 64bit" }', 'name=CentOS%207.4%2064bit'],
  ['{ flavorId: "s6.large.2" }', 'flavor_id=s6.large.2'],
  ['{ storage: { diskFormat: QCOW2 } }', 'disk_format=qcow2'],
  ['{ requirements: { minRamMiB: 1024 } }', 'min_ram=1024'],
  ['{ requirements: { minDiskGiB: 100 } }', 'min_disk=100'],
  ['{ os: { bit: BIT_32 } }', '__os_bit=32'],
  ['{ os: { platform: "Huawei Cloud EulerOS" } }', '__platform=Huawei%20Cloud%20EulerOS'],
  ['{ os: { type: OTHER } }', '__os_type=Other'],
  ['{ tags: { key: "app", value: "web" } }', 'tag=app%3Dweb'],
  ['{ supports: { kvm: true } }', '__support_kvm=true'],
  ['{ supports: { xen: true } }', '__support_xen=true'],
  ['{ supports: { largeMemory: true } }', '__support_largememory=true'],
  ['{ supports: { diskIntensive: true } }', '__support_diskintensive=true'],
  ['{ supports: { highPerformance: true } }', '__support_highperformance=true'],
  ['{ supports: { xenGpuType: "M60_vGPU" } }', '__support_xen_gpu_type=M60_vGPU'],
  ['{ supports: { kvmGpuType: "V100" } }', '__support_kvm_gpu_type=V100'],
  ['{ supports: { xenHana: true } }', '__support_xen_hana=true'],
  ['{ supports: { kvmInfiniband: true } }', '__support_kvm_infiniband=true'],
  ['{ environment: BARE_METAL }', 'virtual_env_type=Ironic'],
  [
    '{ enterpriseProjectId: "6fa18320-504e-429c-a0c2-38d81eb068fa" }',
    'enterprise_project_id=6fa18320-504e-429c-a0c2-38d81eb068fa',
  ],
  ['{ createdAt: { lt: "2018-10-28T10:00:00Z" } }', 'created_at=lt%3A2018-10-28T10%3A00%3A00Z'],
  ['{ updatedAt: { gte: "2024-01-01T00:00:00+08:00" } }', 'updated_at=gte%3A2023-12-31T16%3A00%3A00Z'],
  ['{ os: { architecture: ARM } }', 'architecture=arm'],
  ['{ storage: { containerFormat: BARE } }', 'container_format=bare'],
  ['{ visibility: SHARED, memberStatus: PENDING }', 'member_status=pending&visibility=shared'],
];

let gateway: TestGateway;
let everything: readonly string[];

const idsOf = (answer: { readonly data?: any }): string[] => answer.data.images.edges.map((edge: any) => edge.node.id);
const inline = (filter: string) => query.replace('($filter: ImageFilter)', '').replace('$filter', filter);

beforeAll(async () => {
  gateway = await startTestGateway({ env: { CACHE_FRESH_MS: '0' } });
  everything = idsOf(await gateway.ask(query));
  gateway.takeRequests();
});
afterAll(() => gateway[Symbol.asyncDispose]());

test('the table has every search criterion of the manual', () => {
  const tested = criteria.flatMap(([, parameter]) => parameter.split('&').map((pair) => pair.split('=')[0]));
  const wanted = manualParameters.filter((name) => !(name in pagingArguments));
  expect(wanted).toHaveLength(34);
  expect([...new Set(tested)].toSorted()).toEqual(wanted.toSorted());
});

describe('each criterion becomes one parameter', () => {
  test.each(criteria)('%s asks upstream for %s', async (filter, parameter) => {
    const answer = await gateway.ask(inline(filter));

    expect(answer.errors).toBeUndefined();
    expect(gateway.takeRequests()).toEqual([[...parameter.split('&'), ...page].toSorted().join('&')]);
  });

  // Every image of the sample catalogue is of the one container format that the manual knows; see below.
  const narrowing = criteria.filter(([, parameter]) => parameter !== 'container_format=bare');
  test.each(narrowing)('%s changes what is found', async (filter) => {
    const found = idsOf(await gateway.ask(inline(filter)));
    expect(found).not.toEqual(everything);
    // Images that are not registered exist, and are shown to nobody.
    if (filter !== '{ registered: false }') expect(found).not.toEqual([]);
    gateway.takeRequests();
  });
});

test('a container format narrows a catalogue that has another one', async () => {
  const sample = loadSampleCatalogue();
  const [first, second, ...others] = sample.images;
  if (first === undefined || second === undefined) throw new Error('Expected a catalogue of images.');
  const catalogue = { ...sample, images: [{ ...first, container_format: 'docker' }, second, ...others] };
  await using mixed = await startTestGateway({ catalogue });

  const found = idsOf(await mixed.ask(inline('{ storage: { containerFormat: BARE }, type: PUBLIC }')));
  expect(found).toContain(second.id);
  expect(found).not.toContain(first.id);
});

describe('filters that mean the same ask the same', () => {
  test.each([
    ['a value and a list of it', '{ type: PUBLIC }', '{ type: [PUBLIC] }'],
    ['a value and the same twice', '{ type: PUBLIC }', '{ type: [PUBLIC, PUBLIC] }'],
    ['another order of fields', '{ type: PUBLIC, os: { bit: BIT_64 } }', '{ os: { bit: BIT_64 }, type: PUBLIC }'],
    ['null and absence', '{ type: PUBLIC }', '{ type: PUBLIC, status: null, os: null, supports: { kvm: null } }'],
    [
      'one time in two zones',
      '{ createdAt: { gt: "2024-01-01T00:00:00Z" } }',
      '{ createdAt: { gt: "2023-12-31T20:00:00.000-04:00" } }',
    ],
  ])('%s', async (_what, one, other) => {
    await gateway.ask(inline(one));
    await gateway.ask(inline(other));
    const [first, second] = gateway.takeRequests();
    expect(second).toBe(first);
  });
});

test('a property without a criterion of its own is passed on by name', async () => {
  const answer = await gateway.ask(
    inline('{ type: PUBLIC, environment: BARE_METAL, properties: { name: "__support_s4l", value: "true" } }'),
  );
  expect(idsOf(answer)).toHaveLength(3);
  expect(gateway.takeRequests()).toEqual([
    ['__imagetype=gold', '__support_s4l=true', ...page, 'virtual_env_type=Ironic'].join('&'),
  ]);
});
