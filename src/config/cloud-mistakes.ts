import { cloudVariables, type Environment } from './cloud-variables.ts';

/** What makes a kind of credentials, the variables that it cannot do without first. */
const kinds = [
  { needed: ['IMS_AUTH_TOKEN'], more: [] },
  { needed: ['IMS_ACCESS_KEY', 'IMS_SECRET_KEY'], more: ['IMS_SECURITY_TOKEN'] },
  {
    needed: ['IAM_DOMAIN_NAME', 'IAM_USER_NAME', 'IAM_USER_PASSWORD'],
    more: ['IAM_PROJECT_NAME', 'IAM_ENDPOINT', 'IAM_DEADLINE_MS'],
  },
] as const;

const [, accessKeyKind, userKind] = kinds;

/** Variables of a cloud that are half-set, too many, or would have no effect, each in a sentence. */
export function cloudMistakes(given: Environment): string[] {
  const isGiven = (name: string) => given[name] !== undefined;
  const firstGiven = (names: readonly string[]) => names.find(isGiven);
  if (!isGiven('IMS_REGION') && !isGiven('IMS_ENDPOINT')) {
    return Object.keys(cloudVariables)
      .filter(isGiven)
      .map(
        (name) => `${name}: expected IMS_REGION or IMS_ENDPOINT beside it, as the embedded image service takes none`,
      );
  }

  const [kind, ...tooMany] = kinds.filter(({ needed, more }) => firstGiven([...needed, ...more]) !== undefined);
  const mistakes = tooMany.map(({ needed, more }) => {
    const one = firstGiven([...needed, ...more]);
    return `${one}: expected one kind of credentials, but received ${firstGiven([...(kind?.needed ?? []), ...(kind?.more ?? [])])} too`;
  });
  if (mistakes.length > 0) return mistakes;

  const [witness] = [...(kind?.needed ?? []), ...(kind?.more ?? [])].filter(isGiven);
  for (const name of (kind?.needed ?? []).filter((one) => !isGiven(one))) {
    mistakes.push(`${name}: expected a value, as ${witness} is given, but received none`);
  }
  const isUser = kind === userKind;
  if (isUser && !isGiven('IAM_ENDPOINT') && !isGiven('IMS_REGION')) {
    mistakes.push(`IAM_ENDPOINT: expected a value, as ${witness} is given without IMS_REGION, but received none`);
  }
  const project = firstGiven(['IMS_PROJECT_ID', 'IAM_PROJECT_NAME', 'IMS_REGION']);
  if (isUser && project === undefined) {
    mistakes.push(
      `IAM_PROJECT_NAME: expected a value, as ${witness} is given without IMS_PROJECT_ID or IMS_REGION, but received none`,
    );
  }
  if (isGiven('IAM_PROJECT_NAME') && isGiven('IMS_PROJECT_ID')) {
    mistakes.push('IAM_PROJECT_NAME: expected one project, but received IMS_PROJECT_ID too');
  }
  if (isGiven('IMS_PROJECT_ID') && !isUser && kind !== accessKeyKind) {
    mistakes.push('IMS_PROJECT_ID: expected IMS_ACCESS_KEY or IAM_USER_NAME beside it, as a token is of one project');
  }

  const usesCloud = isGiven('IMS_REGION') && (!isGiven('IMS_ENDPOINT') || (isUser && !isGiven('IAM_ENDPOINT')));
  const usesRegion = usesCloud || (isUser && project === 'IMS_REGION');
  if (isGiven('IMS_REGION') && !usesRegion) {
    mistakes.push('IMS_REGION: expected no IMS_ENDPOINT beside it, or an IAM user whose IAM or project it names');
  }
  if (isGiven('IMS_CLOUD') && !usesCloud) {
    mistakes.push('IMS_CLOUD: expected IMS_REGION beside it and an address that is made of the two');
  }
  return mistakes;
}
