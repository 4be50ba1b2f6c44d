import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import { type GraphqlAnswer, startTestGateway, type TestGateway } from '../support/gateway.ts';

const id = 'the-one';

/** The image that upstream sends, and what a selection of it becomes. */
const rows: readonly (readonly [
  what: string,
  wire: Readonly<Record<string, unknown>>,
  selection: string,
  shown: unknown,
])[] = [
  ['text booleans become booleans', { __isregistered: 'true' }, 'registered', { registered: true }],
  ['also in capitals', { __lazyloading: 'True' }, 'storage { lazyLoading }', { storage: { lazyLoading: true } }],
  ['and as JSON booleans', { __lazyloading: false }, 'storage { lazyLoading }', { storage: { lazyLoading: false } }],
  [
    'an absent support flag means no',
    {},
    'supports { kvm arm amd }',
    { supports: { kvm: false, arm: false, amd: null } },
  ],
  ['no enterprise project is the default one', {}, 'enterpriseProjectId', { enterpriseProjectId: '0' }],
  [
    'injection works unless upstream says true',
    {},
    'supports { cloudInitInjection }',
    { supports: { cloudInitInjection: true } },
  ],
  [
    'injection does not work where upstream says true',
    { __support_fc_inject: 'true' },
    'supports { cloudInitInjection }',
    { supports: { cloudInitInjection: false } },
  ],
  [
    'text numbers become numbers',
    { os_shutdown_timeout: '300' },
    'boot { shutdownTimeoutSeconds }',
    { boot: { shutdownTimeoutSeconds: 300 } },
  ],
  [
    'bytes may need more than 32 bits',
    { __image_size: '8348762112' },
    'storage { sizeBytes }',
    { storage: { sizeBytes: 8_348_762_112 } },
  ],
  ['no memory limit is null', { max_ram: '0' }, 'requirements { maxRamMiB }', { requirements: { maxRamMiB: null } }],
  [
    'a memory limit is a number',
    { max_ram: '65536' },
    'requirements { maxRamMiB }',
    { requirements: { maxRamMiB: 65_536 } },
  ],
  ['times are UTC', { created_at: '2018-09-06T14:03:27Z' }, 'createdAt', { createdAt: '2018-09-06T14:03:27Z' }],
  [
    'times without a zone too',
    { updated_at: '2018-09-06 14:03:27' },
    'updatedAt',
    { updatedAt: '2018-09-06T14:03:27Z' },
  ],
  [
    'fractions of seconds stay',
    { active_at: '2018-09-06T14:03:27.250000' },
    'activeAt',
    { activeAt: '2018-09-06T14:03:27.250Z' },
  ],
  [
    'enumerations have their raw text beside them',
    { __imagetype: 'gold' },
    'type typeRaw',
    { type: 'PUBLIC', typeRaw: 'gold' },
  ],
  [
    'an unknown value is OTHER',
    { status: 'deactivated' },
    'status statusRaw',
    { status: 'OTHER', statusRaw: 'deactivated' },
  ],
  [
    'blank text is null',
    { __backup_id: '', __originalimagename: '' },
    'origin { backupId parentImageId }',
    { origin: { backupId: null, parentImageId: null } },
  ],
  ['agents are a list', { __support_agent_list: 'hss, ces,' }, 'agents', { agents: ['hss', 'ces'] }],
  ['no agents are an empty list', {}, 'agents', { agents: [] }],
  ['Arm is an architecture', { __support_arm: 'true' }, 'os { architecture }', { os: { architecture: 'ARM' } }],
  ['everything else is x86', {}, 'os { architecture }', { os: { architecture: 'X86' } }],
  [
    'tags split at the first = or, in the old form, at the first dot',
    { tags: ['a=b=c', 'x.y.z', 'plain', 'v=1.2'] },
    'tags { key value }',
    {
      tags: [
        { key: 'a', value: 'b=c' },
        { key: 'x', value: 'y.z' },
        { key: 'plain', value: null },
        { key: 'v', value: '1.2' },
      ],
    },
  ],
  [
    'features are an object in JSON text',
    { __os_feature_list: '{"ssh_key": "true", "nic_hotplug": "False"}' },
    'os { features { sshKey nicHotplug userData } }',
    { os: { features: { sshKey: true, nicHotplug: false, userData: null } } },
  ],
  [
    'an origin has its parts',
    { __data_origin: 'image,cn-north-4,875a3104' },
    'origin { data { kind region id raw } }',
    { origin: { data: { kind: 'IMAGE', region: 'cn-north-4', id: '875a3104', raw: 'image,cn-north-4,875a3104' } } },
  ],
  [
    'an unknown origin keeps its text',
    { __data_origin: 'teleport,x' },
    'origin { data { kind region id raw } }',
    { origin: { data: { kind: 'OTHER', region: null, id: 'x', raw: 'teleport,x' } } },
  ],
  [
    'raw keeps what the schema does not know',
    { __brand_new: { deep: [1] } },
    'raw',
    { raw: { id, __brand_new: { deep: [1] } } },
  ],
  [
    'an image of nothing but an id is an image',
    {},
    'name type status createdAt tags { key } os { platform type } storage { sizeBytes diskFormat } market { productCode }',
    {
      name: null,
      type: null,
      status: null,
      createdAt: null,
      tags: [],
      os: { platform: null, type: null },
      storage: { sizeBytes: null, diskFormat: null },
      market: { productCode: null },
    },
  ],
];

const malformed: readonly (readonly [
  wire: Readonly<Record<string, unknown>>,
  selection: string,
  shown: unknown,
  message: string,
])[] = [
  [
    { __image_size: 'huge', name: 'n' },
    'name storage { sizeBytes }',
    { name: 'n', storage: { sizeBytes: null } },
    'Malformed attribute: expected a whole number up to 9007199254740991, but upstream sent "huge".',
  ],
  [
    { created_at: 'soon' },
    'createdAt',
    { createdAt: null },
    'Malformed attribute: expected a time, but upstream sent "soon".',
  ],
  [
    { protected: 'maybe' },
    'protected',
    { protected: null },
    'Malformed attribute: expected true or false, but upstream sent "maybe".',
  ],
  [
    { tags: 'a=b' },
    'tags { key }',
    { tags: null },
    'Malformed attribute: expected a list of texts, but upstream sent "a=b".',
  ],
  [
    { __os_feature_list: '{' },
    'os { features { sshKey } }',
    { os: { features: null } },
    'Malformed attribute: expected a JSON object of features, but upstream sent "{".',
  ],
  [{ name: 7 }, 'name', { name: null }, 'Malformed attribute: expected text, but upstream sent 7.'],
];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ env: { CACHE_FRESH_MS: '0' } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function show(wire: Readonly<Record<string, unknown>>, selection: string) {
  const body = JSON.stringify({ images: [{ id, ...wire }] });
  gateway.ims.faults.add({ kind: 'body', body, contentType: 'application/json' }, { times: 1 });
  return gateway.ask(`{ image(id: "${id}") { ${selection} } }`);
}

describe('attributes are normalised', () => {
  test.each(rows)('%s', async (_what, wire, selection, shown) => {
    expect(await show(wire, selection)).toEqual({ data: { image: shown } });
  });
});

describe('a malformed attribute costs its own field only', () => {
  test.each(malformed)('%j', async (wire, selection, shown, message) => {
    const { data, errors } = await show(wire, selection);
    expect(data).toEqual({ image: shown });
    expect(errors).toMatchObject([{ message, extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
  });
});

test('every attribute of every image of the sample catalogue can be read', async () => {
  const typeQuery = `query ($name: String!) { __type(name: $name) { fields { name type { kind name ofType { kind name ofType { kind name ofType { name kind } } } } } } }`;
  const selectionOf = async (name: string): Promise<string> => {
    const { data } = await gateway.ask(typeQuery, { name });
    const parts = await Promise.all(
      data.__type.fields.map(async (field: any) => {
        let type = field.type;
        while (type.ofType) type = type.ofType;
        return type.kind === 'OBJECT' ? `${field.name} { ${await selectionOf(type.name)} }` : field.name;
      }),
    );
    return parts.join(' ');
  };
  const selection = await selectionOf('Image');
  expect(selection.split(/\w+/).length).toBeGreaterThan(80);

  const seen: string[] = [];
  for (const token of ['demo', 'demo-b', 'demo-c', 'demo-d', 'demo-partner', 'demo-mkt', 'demo-plat']) {
    for (let after: string | null = null, more = true; more; ) {
      const query = `query ($after: String) { images(first: 100, after: $after) { edges { node { ${selection} } } pageInfo { hasNextPage endCursor } } }`;
      const { data, errors }: GraphqlAnswer<any> = await gateway.ask(
        query,
        { after },
        { headers: { 'x-auth-token': token } },
      );
      expect(errors).toBeUndefined();
      seen.push(...data.images.edges.map((edge: any) => edge.node.id));
      after = data.images.pageInfo.endCursor;
      more = data.images.pageInfo.hasNextPage;
    }
  }
  const listed = loadSampleCatalogue().images.filter(
    (image) => image['__isregistered'] === 'true' && !['killed', 'deleted'].includes(String(image['status'])),
  );
  expect(new Set(seen)).toEqual(new Set(listed.map((image) => image.id)));
});
