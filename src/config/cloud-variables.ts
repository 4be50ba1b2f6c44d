import { z } from 'zod';
import { searchParameters } from '../image/groups.ts';
import { isToken } from '../image/token.ts';

/** Environment variables that have a value. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A scheme, host and port, with or without a slash at the end; read without it. */
export const origin = (example: string) =>
  z
    .string()
    .refine((text) => {
      const url = URL.parse(text);
      return url !== null && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '');
    }, `expected a scheme and host, such as ${example}`)
    .transform((text) => new URL(text).origin);

const matching = (pattern: RegExp, expected: string) => z.string().regex(pattern, `expected ${expected}`);

const token = z.string().refine(isToken, 'expected a token of visible ASCII characters');

/** What the gateway itself asks by; a cloud that lacked it would be none. */
const indispensable = 'id';

const isSwitchable = (parameter: string): boolean => parameter !== indispensable && searchParameters.has(parameter);

/** The variables that say which cloud, by which credentials, and what it lacks. */
export const cloudVariables = {
  IMS_REGION: matching(/^[a-z][a-z0-9-]{0,62}$/, 'a region, such as ap-southeast-1').optional(),
  IMS_CLOUD: matching(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'the domain of a cloud, such as myhuaweicloud.com').optional(),
  IMS_ENDPOINT: origin('https://ims.ap-southeast-1.myhuaweicloud.com').optional(),
  IMS_LIST_PATH: z.enum(['/v1/cloudimages/fuzzy', '/v2/cloudimages']).default('/v1/cloudimages/fuzzy'),
  IMS_UNSUPPORTED_PARAMETERS: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine(
      (names) => names.every(isSwitchable),
      'expected query parameters of search criteria, separated by commas, as docs/fields.md lists them',
    )
    .default([]),
  IMS_AUTH_TOKEN: token.optional(),
  IMS_ACCESS_KEY: matching(/^[\w-]{1,128}$/, 'an access key ID of letters, digits, "-" and "_"').optional(),
  IMS_SECRET_KEY: matching(/^[\x21-\x7e]{1,256}$/, 'a secret access key of visible ASCII characters').optional(),
  IMS_SECURITY_TOKEN: token.optional(),
  IMS_PROJECT_ID: matching(/^[\w-]{1,64}$/, 'a project ID of letters, digits, "-" and "_"').optional(),
  IAM_DOMAIN_NAME: z.string().optional(),
  IAM_USER_NAME: z.string().optional(),
  IAM_USER_PASSWORD: z.string().optional(),
  IAM_PROJECT_NAME: z.string().optional(),
  IAM_ENDPOINT: origin('https://iam.ap-southeast-1.myhuaweicloud.com').optional(),
  IAM_DEADLINE_MS: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'expected a whole number from 1 to 999999')
    .transform(Number)
    .default(5000),
};

/** Variables whose values no message may hold. */
export const secretVariables: ReadonlySet<string> = new Set([
  'IMS_AUTH_TOKEN',
  'IMS_ACCESS_KEY',
  'IMS_SECRET_KEY',
  'IMS_SECURITY_TOKEN',
  'IAM_USER_PASSWORD',
]);

/** The values of the variables of a cloud. */
export type CloudVariables = z.infer<z.ZodObject<typeof cloudVariables>>;
