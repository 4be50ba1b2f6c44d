import { UpstreamError, type UpstreamDetail } from '../image/errors.ts';

type Code = UpstreamError['code'];

const codeByStatus = new Map<number, Code>([
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'UPSTREAM_NOT_FOUND'],
  [408, 'UPSTREAM_TIMEOUT'],
  [429, 'UPSTREAM_THROTTLED'],
  [504, 'UPSTREAM_TIMEOUT'],
]);

const statusToCode = (status: number): Code => {
  if (status >= 500) return codeByStatus.get(status) ?? 'UPSTREAM_UNAVAILABLE';
  if (status >= 400) return codeByStatus.get(status) ?? 'UPSTREAM_BAD_REQUEST';
  return 'UPSTREAM_INVALID_RESPONSE';
};

/** What an answer other than 200 says, of all the shapes in which clouds and their gateways say it. */
export function answerToError(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
  secret: string,
): UpstreamError {
  const said = readBody(body);
  const requestId = requestIdHeaders.map((name) => headers[name]).find((id) => typeof id === 'string') ?? said.requestId;
  const message = said.message === undefined ? undefined : withoutSecrets(said.message, secret);
  const code = said.code === undefined ? undefined : withoutSecrets(said.code, secret);
  const upstream: UpstreamDetail = {
    status,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(typeof requestId === 'string' ? { requestId: requestId.slice(0, 100) } : {}),
  };
  return new UpstreamError(statusToCode(status), undefined, upstream);
}

/** IMS and its gateway, Glance, IAM. */
const requestIdHeaders = ['x-request-id', 'x-openstack-request-id', 'x-iam-trace-id'];

interface Said {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Reads `{error: {code, message}}`, `{error_code, error_msg, request_id}` and `{code, message}`; nothing else. */
function readBody(body: string): Said {
  const outer = toRecord(parse(body));
  const inner = toRecord(outer['error']);
  return {
    code: toText(outer['error_code']) ?? toText(inner['code']) ?? toText(outer['code']),
    message: toText(outer['error_msg']) ?? toText(inner['message']) ?? toText(outer['message']),
    requestId: toText(outer['request_id']),
  };
}

const toText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const toRecord = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Upstream's messages may quote access keys and addresses; a client gets neither. */
const withoutSecrets = (message: string, secret: string): string =>
  message
    .replaceAll(secret, '[hidden]')
    .replace(/\b(ak|sk|access|secret|token|key)(\s*[:=]\s*)[^\s,;]+/gi, '$1$2[hidden]')
    .replace(/\bhttps?:\/\/\S+/gi, '[address]')
    .slice(0, 500);

const timeoutCodes = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** What a request without a complete answer failed of. */
export function networkErrorToError(error: unknown): UpstreamError {
  const code = toText(toRecord(error)['code']) ?? '';
  if (timeoutCodes.has(code)) return new UpstreamError('UPSTREAM_TIMEOUT');
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new UpstreamError('UPSTREAM_INVALID_RESPONSE', 'The answer of the image service is too large to read.');
  }
  if (code.startsWith('HPE_')) return new UpstreamError('UPSTREAM_INVALID_RESPONSE');
  return new UpstreamError('UPSTREAM_UNAVAILABLE');
}
