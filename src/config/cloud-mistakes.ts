import { cloudVariables, type Environment } from './cloud-variables.ts';

interface CredentialKind {
  /** What makes it; the variables that it cannot do without come first. */
  readonly names: readonly string[];
  /** How many it cannot do without. */
  readonly needed: number;
}

const token: CredentialKind = { names: ['IMS_AUTH_TOKEN'], needed: 1 };
const accessKey: CredentialKind = { names: ['IMS_ACCESS_KEY', 'IMS_SECRET_KEY', 'IMS_SECURITY_TOKEN'], needed: 2 };
const iamUser: CredentialKind = {
  names: [
    'IAM_DOMAIN_NAME',
    'IAM_USER_NAME',
    'IAM_USER_PASSWORD',
    'IAM_PROJECT_NAME',
    'IAM_ENDPOINT',
    'IAM_DEADLINE_MS',
  ],
  needed: 3,
};

/** The variables that say where a cloud is. */
const addresses: readonly string[] = ['IMS_REGION', 'IMS_ENDPOINT'];

/**
 * Variables of a cloud that are set but empty, each in a sentence: something has not filled them in, and without them the
 * gateway might ask another cloud, by other credentials, or run on sample data.
 */
export function emptyMistakes(env: Environment): string[] {
  const empty = Object.keys(cloudVariables).filter((name) => env[name] === '');
  const isElsewhere = addresses.some((name) => (env[name] ?? '') !== '');
  return empty.map((name) => {
    const purpose = addresses.includes(name) && !isElsewhere ? 'to run on sample data' : 'to do without';
    return `${name}: expected a value, but received an empty text; unset it ${purpose}`;
  });
}

/** Variables of a cloud that are half-set, too many, or would have no effect, each in a sentence. */
export function cloudMistakes(given: Environment): string[] {
  const isGiven = (name: string) => given[name] !== undefined;
  if (!addresses.some(isGiven)) {
    const idle = Object.keys(cloudVariables).filter(isGiven);
    return idle.map(
      (name) => `${name}: expected IMS_REGION or IMS_ENDPOINT beside it, as the embedded image service takes none`,
    );
  }

  const [kind, ...tooMany] = [token, accessKey, iamUser].filter(({ names }) => names.some(isGiven));
  const first = kind?.names.find(isGiven);
  if (tooMany.length > 0) {
    return tooMany.map(
      ({ names }) => `${names.find(isGiven)}: expected one kind of credentials, but received ${first} too`,
    );
  }
  const missing = kind?.names.slice(0, kind.needed).filter((name) => !isGiven(name)) ?? [];
  return [
    ...missing.map((name) => `${name}: expected a value, as ${first} is given, but received none`),
    ...projectMistakes(kind, isGiven),
    ...addressMistakes(kind, isGiven),
  ];
}

function projectMistakes(kind: CredentialKind | undefined, isGiven: (name: string) => boolean): string[] {
  if (isGiven('IMS_PROJECT_ID') && kind !== iamUser && kind !== accessKey) {
    return ['IMS_PROJECT_ID: expected IMS_ACCESS_KEY or IAM_USER_NAME beside it, as a token is of one project'];
  }
  if (isGiven('IAM_PROJECT_NAME') && isGiven('IMS_PROJECT_ID')) {
    return ['IAM_PROJECT_NAME: expected one project, but received IMS_PROJECT_ID too'];
  }
  if (kind === iamUser && !['IAM_PROJECT_NAME', 'IMS_PROJECT_ID', 'IMS_REGION'].some(isGiven)) {
    return [
      'IAM_PROJECT_NAME: expected a value, as an IAM user is given without IMS_PROJECT_ID or IMS_REGION, but received none',
    ];
  }
  return [];
}

/** A region beside an endpoint in full may still say where IAM is, or which project; else it is ignored. */
function addressMistakes(kind: CredentialKind | undefined, isGiven: (name: string) => boolean): string[] {
  const needsIam = kind === iamUser && !isGiven('IAM_ENDPOINT');
  const namesProject = kind === iamUser && !isGiven('IAM_PROJECT_NAME') && !isGiven('IMS_PROJECT_ID');
  const makesAddress = isGiven('IMS_REGION') && (!isGiven('IMS_ENDPOINT') || needsIam);
  const mistakes: string[] = [];
  if (needsIam && !isGiven('IMS_REGION')) {
    mistakes.push('IAM_ENDPOINT: expected a value, as an IAM user is given without IMS_REGION, but received none');
  }
  if (isGiven('IMS_REGION') && !makesAddress && !namesProject) {
    mistakes.push('IMS_REGION: expected no IMS_ENDPOINT beside it, or an IAM user whose IAM or project it names');
  }
  if (isGiven('IMS_CLOUD') && !makesAddress) {
    mistakes.push('IMS_CLOUD: expected IMS_REGION beside it and an address that is made of the two');
  }
  return mistakes;
}
