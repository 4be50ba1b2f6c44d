import type { Credentials, IamUser } from '../upstream/credentials/credentials.ts';
import type { CloudVariables } from './cloud-variables.ts';

const DEFAULT_CLOUD = 'myhuaweicloud.com';

/** Where a cloud is and by which credentials it is asked. */
export interface CloudConfig {
  readonly endpoint: string;
  readonly credentials: Credentials;
}

/** Reads the variables of a cloud, which `cloudMistakes` has found without mistake; null where they name no cloud. */
export function readCloud(read: CloudVariables): CloudConfig | null {
  const toOrigin = (service: string) =>
    read.IMS_REGION === undefined
      ? undefined
      : `https://${service}.${read.IMS_REGION}.${read.IMS_CLOUD ?? DEFAULT_CLOUD}`;
  const endpoint = read.IMS_ENDPOINT ?? toOrigin('ims');
  return endpoint === undefined ? null : { endpoint, credentials: readCredentials(read, toOrigin('iam')) };
}

function readCredentials(read: CloudVariables, iamOrigin: string | undefined): Credentials {
  if (read.IMS_AUTH_TOKEN !== undefined) return { kind: 'token', token: read.IMS_AUTH_TOKEN };
  if (read.IMS_ACCESS_KEY !== undefined && read.IMS_SECRET_KEY !== undefined) {
    return {
      kind: 'access-key',
      accessKey: read.IMS_ACCESS_KEY,
      secretKey: read.IMS_SECRET_KEY,
      securityToken: read.IMS_SECURITY_TOKEN ?? null,
      projectId: read.IMS_PROJECT_ID ?? null,
    };
  }
  const user = readUser(read, iamOrigin);
  return user === null ? { kind: 'forwarded', anonymousToken: null } : { kind: 'iam-user', ...user };
}

function readUser(read: CloudVariables, iamOrigin: string | undefined): IamUser | null {
  const { IAM_DOMAIN_NAME: domainName, IAM_USER_NAME: userName, IAM_USER_PASSWORD: password } = read;
  const endpoint = read.IAM_ENDPOINT ?? iamOrigin;
  const projectName = read.IAM_PROJECT_NAME ?? read.IMS_REGION;
  const project =
    read.IMS_PROJECT_ID === undefined ? projectName && { name: projectName } : { id: read.IMS_PROJECT_ID };
  if (!domainName || !userName || !password || !endpoint || !project) return null;
  return { domainName, userName, password, endpoint, project, deadlineMs: read.IAM_DEADLINE_MS };
}
