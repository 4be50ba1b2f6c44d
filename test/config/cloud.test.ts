import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';

const ims = 'https://ims.ap-southeast-1.myhuaweicloud.com';
const iam = 'https://iam.ap-southeast-1.myhuaweicloud.com';
const region = { IMS_REGION: 'ap-southeast-1' };
const endpoint = { IMS_ENDPOINT: 'https://images.example.com' };
const key = { IMS_ACCESS_KEY: 'KEY', IMS_SECRET_KEY: 'SECRETOFKEY' };
const user = { IAM_DOMAIN_NAME: 'Acme', IAM_USER_NAME: 'gate', IAM_USER_PASSWORD: 'word of pass' };

const mistakesOf = (env: Readonly<Record<string, string>>): string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [, ...lines] = error.message.split('\n');
    return lines.map((line) => line.trim());
  }
  return [];
};

describe('where the cloud is', () => {
  test.each([
    [region, ims],
    [{ ...region, IMS_CLOUD: 'myhuaweicloud.eu' }, 'https://ims.ap-southeast-1.myhuaweicloud.eu'],
    [{ IMS_REGION: 'eu-de', IMS_CLOUD: 'otc.t-systems.com' }, 'https://ims.eu-de.otc.t-systems.com'],
    [endpoint, 'https://images.example.com'],
  ])('%j', (env, expected) => {
    expect(readConfig(env)).toMatchObject({
      upstream: { kind: 'cloud', endpoint: expected },
      credentials: { kind: 'forwarded', anonymousToken: null },
    });
  });
});

describe('by which credentials', () => {
  const iamUser = {
    kind: 'iam-user',
    domainName: 'Acme',
    userName: 'gate',
    password: 'word of pass',
    endpoint: iam,
    project: { name: 'ap-southeast-1' },
    deadlineMs: 5000,
  };
  const accessKey = {
    kind: 'access-key',
    accessKey: 'KEY',
    secretKey: 'SECRETOFKEY',
    projectId: null,
    securityToken: null,
  };
  test.each([
    [
      { ...region, IMS_AUTH_TOKEN: 'MIIF' },
      { kind: 'token', token: 'MIIF' },
    ],
    [{ ...region, ...key }, accessKey],
    [
      { ...endpoint, ...key, IMS_PROJECT_ID: 'p1', IMS_SECURITY_TOKEN: 'st' },
      { ...accessKey, projectId: 'p1', securityToken: 'st' },
    ],
    [{ ...region, ...user }, iamUser],
    [
      { ...region, ...user, IMS_CLOUD: 'a.eu' },
      { ...iamUser, endpoint: 'https://iam.ap-southeast-1.a.eu' },
    ],
    [
      { ...region, ...user, IMS_PROJECT_ID: 'p1' },
      { ...iamUser, project: { id: 'p1' } },
    ],
    [
      { ...region, ...user, IAM_PROJECT_NAME: 'eu-de_dev', IAM_DEADLINE_MS: '700' },
      { ...iamUser, project: { name: 'eu-de_dev' }, deadlineMs: 700 },
    ],
    [
      { ...endpoint, ...user, IAM_ENDPOINT: 'https://id.example.com', IAM_PROJECT_NAME: 'eu-de' },
      { ...iamUser, endpoint: 'https://id.example.com', project: { name: 'eu-de' } },
    ],
  ])('%j', (env, credentials) => {
    expect(readConfig(env).credentials).toEqual(credentials);
  });

  test('an endpoint beside a region is where images are; the region still says where IAM is and which project', () => {
    expect(readConfig({ ...endpoint, ...region, ...user })).toMatchObject({
      upstream: { endpoint: 'https://images.example.com' },
      credentials: iamUser,
    });
  });
});

const mostOf = (env: Readonly<Record<string, string>>) => readConfig(env).resilience.maxConcurrent;

test('by an access key at most four questions are asked at once, whatever else is set', () => {
  expect(mostOf({ ...region, ...key })).toBe(4);
  expect(mostOf({ ...region, ...key, IMS_MAX_CONCURRENT: '200' })).toBe(4);
  expect(mostOf({ ...region, ...key, IMS_MAX_CONCURRENT: '2' })).toBe(2);
  expect(mostOf({ ...region, ...user })).toBe(50);
  expect(mostOf({ ...region, ...user, IMS_MAX_CONCURRENT: '200' })).toBe(200);
});

test('criteria that the cloud lacks are named by their parameters', () => {
  expect(readConfig({ ...region, IMS_UNSUPPORTED_PARAMETERS: 'flavor_id, __support_kvm' })).toMatchObject({
    unsupportedParameters: new Set(['flavor_id', '__support_kvm']),
  });
  expect(readConfig(region).unsupportedParameters).toEqual(new Set());
});

const mistaken: readonly (readonly [env: Readonly<Record<string, string>>, mistake: string])[] = [
  [
    { ...region, IMS_ACCESS_KEY: 'KEY' },
    'IMS_SECRET_KEY: expected a value, as IMS_ACCESS_KEY is given, but received none',
  ],
  [
    { ...region, IMS_SECRET_KEY: 'S' },
    'IMS_ACCESS_KEY: expected a value, as IMS_SECRET_KEY is given, but received none',
  ],
  [
    { ...region, IAM_DOMAIN_NAME: 'Acme', IAM_USER_NAME: 'gate' },
    'IAM_USER_PASSWORD: expected a value, as IAM_DOMAIN_NAME is given, but received none',
  ],
  [
    { ...region, ...key, IMS_AUTH_TOKEN: 'MIIF' },
    'IMS_ACCESS_KEY: expected one kind of credentials, but received IMS_AUTH_TOKEN too',
  ],
  [
    { ...region, ...key, ...user },
    'IAM_DOMAIN_NAME: expected one kind of credentials, but received IMS_ACCESS_KEY too',
  ],
  [
    { ...region, ...key, IAM_ENDPOINT: iam },
    'IAM_ENDPOINT: expected one kind of credentials, but received IMS_ACCESS_KEY too',
  ],
  [
    { ...endpoint, ...user, IAM_PROJECT_NAME: 'p' },
    'IAM_ENDPOINT: expected a value, as an IAM user is given without IMS_REGION, but received none',
  ],
  [
    { ...endpoint, ...user, IAM_ENDPOINT: iam },
    'IAM_PROJECT_NAME: expected a value, as an IAM user is given without IMS_PROJECT_ID or IMS_REGION, but received none',
  ],
  [
    { ...region, ...user, IAM_PROJECT_NAME: 'p', IMS_PROJECT_ID: 'q' },
    'IAM_PROJECT_NAME: expected one project, but received IMS_PROJECT_ID too',
  ],
  [
    { ...region, IMS_PROJECT_ID: 'q' },
    'IMS_PROJECT_ID: expected IMS_ACCESS_KEY or IAM_USER_NAME beside it, as a token is of one project',
  ],
  [
    { ...region, ...endpoint },
    'IMS_REGION: expected no IMS_ENDPOINT beside it, or an IAM user whose IAM or project it names',
  ],
  [
    { ...endpoint, IMS_CLOUD: 'myhuaweicloud.eu' },
    'IMS_CLOUD: expected IMS_REGION beside it and an address that is made of the two',
  ],
  [{ IMS_REGION: 'AP 1' }, 'IMS_REGION: expected a region, such as ap-southeast-1, but received "AP 1"'],
  [
    { ...region, IMS_CLOUD: 'https://myhuaweicloud.com' },
    'IMS_CLOUD: expected the domain of a cloud, such as myhuaweicloud.com, but received "https://myhuaweicloud.com"',
  ],
  [
    { ...region, EMBEDDED_IMAGES: '5' },
    'EMBEDDED_IMAGES: expected no IMS_REGION beside it, as only the embedded image service makes images up',
  ],
  ...['flavor', 'id', 'flavor_id,,architecture'].map(
    (names) =>
      [
        { ...region, IMS_UNSUPPORTED_PARAMETERS: names },
        `IMS_UNSUPPORTED_PARAMETERS: expected query parameters of search criteria, separated by commas, as docs/fields.md lists them, but received "${names}"`,
      ] as const,
  ),
];

describe('what is half-set, too many or without effect is named', () => {
  test.each(mistaken)('%j', (env, mistake) => {
    expect(mistakesOf(env)).toEqual([mistake]);
  });

  test('a misspelt variable of IAM', () => {
    expect(mistakesOf({ ...region, ...user, IAM_USERNAME: 'gate' })).toEqual([
      expect.stringMatching(/^IAM_USERNAME: expected one of .*IAM_USER_NAME/),
    ]);
  });
});

test('no variable of a cloud leads to sample data: without a region or an endpoint each is a mistake', () => {
  const all = {
    ...key,
    ...user,
    IMS_CLOUD: 'myhuaweicloud.eu',
    IMS_LIST_PATH: '/v2/cloudimages',
    IMS_UNSUPPORTED_PARAMETERS: 'architecture',
    IMS_AUTH_TOKEN: 'MIIF',
    IMS_SECURITY_TOKEN: 'st',
    IMS_PROJECT_ID: 'p1',
    IAM_PROJECT_NAME: 'p',
    IAM_ENDPOINT: iam,
    IAM_DEADLINE_MS: '5',
  };
  for (const [name, value] of Object.entries(all)) {
    expect(mistakesOf({ [name]: value })).toEqual([
      `${name}: expected IMS_REGION or IMS_ENDPOINT beside it, as the embedded image service takes none`,
    ]);
  }
  expect(mistakesOf(all)).toHaveLength(Object.keys(all).length);
});

describe('a variable of a cloud that is set but empty, as one that nobody has filled in, is a mistake', () => {
  const empty = 'expected a value, but received an empty text; unset it';
  test.each([
    [{ IMS_REGION: '' }, [`IMS_REGION: ${empty} to run on sample data`]],
    [{ IMS_ENDPOINT: '' }, [`IMS_ENDPOINT: ${empty} to run on sample data`]],
    [{ IMS_REGION: '', ...key }, [`IMS_REGION: ${empty} to run on sample data`]],
    [{ ...region, IMS_ENDPOINT: '' }, [`IMS_ENDPOINT: ${empty} to do without`]],
    [
      { ...region, IMS_ACCESS_KEY: '', IMS_SECRET_KEY: '' },
      ['IMS_ACCESS_KEY', 'IMS_SECRET_KEY'].map((name) => `${name}: ${empty} to do without`),
    ],
    [{ ...region, ...key, IMS_SECRET_KEY: '' }, [`IMS_SECRET_KEY: ${empty} to do without`]],
    [{ ...region, IMS_AUTH_TOKEN: '' }, [`IMS_AUTH_TOKEN: ${empty} to do without`]],
    [{ ...region, ...user, IAM_ENDPOINT: '' }, [`IAM_ENDPOINT: ${empty} to do without`]],
  ])('%j', (env, mistakes) => {
    expect(mistakesOf(env)).toEqual(mistakes);
  });

  test('a misspelt one too', () => {
    expect(mistakesOf({ IMS_REGOIN: '' })).toEqual([
      expect.stringMatching(/^IMS_REGOIN: expected one of IMS_REGION, /),
    ]);
  });
});

test('no message holds a secret', () => {
  const secrets = {
    IMS_AUTH_TOKEN: 'to ken',
    IMS_ACCESS_KEY: 'ac key',
    IMS_SECRET_KEY: 'se cret',
    IMS_SECURITY_TOKEN: 'se token',
    IAM_USER_PASSWORD: 'pass word',
  };
  for (const env of [secrets, { ...region, ...secrets }]) {
    const said = mistakesOf(env).join('\n');
    for (const [name, secret] of Object.entries(secrets)) {
      expect(said).toContain(name);
      expect(said).not.toContain(secret);
    }
  }
});
