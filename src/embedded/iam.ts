import { z } from 'zod';
import { parseJson } from '../image/json.ts';
import { type Accounts, nameToPassword, PROJECT_NAME } from './accounts.ts';
import { TOKEN_LIFE_MS, type Tokens } from './tokens.ts';

/** Where IAM issues tokens. */
export const TOKENS_PATH = '/v3/auth/tokens';

/** Largest body that is read. */
export const MAX_TOKEN_REQUEST_BYTES = 16 * 1024;

/** An answer of IAM. */
export interface IamAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** IAM, as far as it issues tokens by password. */
export interface Iam {
  /** Answers a request with this body; `hasCatalogue` as the query asks. */
  answer(method: string, body: string, hasCatalogue: boolean): IamAnswer;
}

const tokenRequest = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.tuple([z.literal('password')]),
      password: z.object({
        user: z.object({ name: z.string(), password: z.string(), domain: z.object({ name: z.string() }) }),
      }),
    }),
    scope: z.object({ project: z.object({ id: z.string() }).or(z.object({ name: z.string() })) }),
  }),
});

const titles = { 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found' } as const;

/** The error as Keystone, the service beneath IAM, says it. */
const refuse = (code: keyof typeof titles, message: string): IamAnswer => ({
  status: code,
  headers: {},
  body: JSON.stringify({ error: { code, message, title: titles[code] } }),
});

/** Keystone's times have microseconds, unlike those of IMS. */
const toTime = (wallMs: number): string => new Date(wallMs).toISOString().replace('Z', '000Z');

/** "Obtaining a User Token Through Password Authentication" over the demonstration accounts. */
export function createIam(accounts: Accounts, tokens: Tokens, wallNow: () => number): Iam {
  return {
    answer(method, body, hasCatalogue) {
      if (method !== 'POST') return refuse(404, 'Could not find the resource.');
      const request = tokenRequest.safeParse(parseJson(body));
      if (!request.success) return refuse(400, explain(request.error));
      const { identity, scope } = request.data.auth;
      const { name, password, domain } = identity.password.user;
      if (!accounts.isKnown(name) || domain.name !== name || password !== nameToPassword(name)) {
        return refuse(401, 'The username or password is wrong.');
      }
      const project = { id: accounts.projectIdOf(name), name: PROJECT_NAME };
      const isOwn = 'id' in scope.project ? scope.project.id === project.id : scope.project.name === project.name;
      if (!isOwn) return refuse(401, 'The user has no access to the project.');

      const issuedAtMs = wallNow();
      const endsAtMs = issuedAtMs + TOKEN_LIFE_MS;
      const account = { id: name, name };
      const token = {
        issued_at: toTime(issuedAtMs),
        expires_at: toTime(endsAtMs),
        methods: identity.methods,
        project: { ...project, domain: account },
        user: { id: name, name, domain: account, password_expires_at: '' },
        roles: [{ id: '0', name: 'ims_readonly' }],
        ...(hasCatalogue ? { catalog: [] } : {}),
      };
      return {
        status: 201,
        headers: { 'X-Subject-Token': tokens.issue({ name, endsAtMs }) },
        body: JSON.stringify({ token }),
      };
    },
  };
}

/** Names the first place in the body that is wrong, and nothing that stands there. */
function explain({ issues: [issue] }: z.ZodError): string {
  const place = issue?.path.join('.') ?? '';
  return place.startsWith('auth.scope')
    ? 'Expected a project as auth.scope, as the image service is a service of projects.'
    : `Expected another value at ${JSON.stringify(place)} of the body.`;
}
