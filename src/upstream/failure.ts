import { errors } from 'undici';
import { type UpstreamDetail, UpstreamError } from '../image/errors.ts';
import { isRecord, parseJson } from '../image/json.ts';
import { answerToRetryAfterMs, type WaitingAnswer } from './retry-after.ts';
import { withoutSecrets, withoutTexts } from './without-secrets.ts';

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

/** What the head of an answer has for a client. */
export interface AnswerHead extends UpstreamDetail {
  readonly status: number;
}

/** IMS and its gateway, Glance, IAM. */
const requestIdHeaders = ['x-request-id', 'x-openstack-request-id', 'x-iam-trace-id'];

const longestRequestId = 100;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The status of an answer, and its request id where there is one. */
export function headToDetail(status: number, headers: Headers, secrets: readonly string[]): AnswerHead {
  const requestId = requestIdHeaders.flatMap((name) => headers[name] ?? []).find((id) => id !== '');
  if (requestId === undefined) return { status };
  return { status, requestId: withoutTexts(requestId, secrets).slice(0, longestRequestId) };
}

/**
 * What an answer other than 200 says, in any of the shapes in which clouds and their gateways say it; when to ask again
 * only where `waiting` is given.
 */
export function answerToError(
  head: AnswerHead,
  body: string,
  secrets: readonly string[],
  waiting: Pick<WaitingAnswer, 'headers' | 'wallMs'> | null,
): UpstreamError {
  const answer = parseJson(body);
  const { code, message } = statements(answer).next().value ?? {};
  const requestId = head.requestId ?? toText(toRecord(answer)['request_id']);
  const detail = {
    ...head,
    ...(code === undefined ? {} : { code: withoutSecrets(code, secrets) }),
    ...(message === undefined ? {} : { message: withoutSecrets(message, secrets) }),
    ...(requestId === undefined ? {} : { requestId: withoutTexts(requestId, secrets).slice(0, longestRequestId) }),
  };
  const retryAfterMs = waiting && answerToRetryAfterMs({ ...waiting, status: head.status, message });
  return new UpstreamError(statusToCode(head.status), undefined, detail, retryAfterMs);
}

/** "The API does not exist", of the API gateway under its newer and its older name, tells of a path that a region lacks. */
export function withPathHint(error: UpstreamError, setting: string): UpstreamError {
  if (!/^APIGW?\.0101$/.test(error.upstream.code ?? '')) return error;
  const hint = `Its region may lack the path that the gateway asks; ${setting} changes it.`;
  return new UpstreamError(error.code, `${error.message} ${hint}`, error.upstream);
}

interface Statement {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/**
 * The `error_code` and `error_msg`, or `code` and `message`, of a value and of the values in it, outermost first. That is
 * the rule of Huawei's SDKs, and reads the API gateway, IMS (`{error: {}}`), IAM (its code a number) and Glance alike.
 */
function* statements(value: unknown, depth = 3): Generator<Statement, undefined> {
  const record = toRecord(value);
  const code = toText(record['error_code']) ?? toText(record['code']);
  const message = toText(record['error_msg']) ?? toText(record['message']);
  if (code !== undefined || message !== undefined) yield { code, message };
  if (depth > 0) for (const inner of Object.values(record)) yield* statements(inner, depth - 1);
}

const toText = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

const toRecord = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

const codeByCause = new Map<string, Code>([
  ['UND_ERR_CONNECT_TIMEOUT', 'UPSTREAM_TIMEOUT'],
  ['UND_ERR_HEADERS_TIMEOUT', 'UPSTREAM_TIMEOUT'],
  ['UND_ERR_BODY_TIMEOUT', 'UPSTREAM_TIMEOUT'],
  ['ETIMEDOUT', 'UPSTREAM_TIMEOUT'],
  ['UND_ERR_HEADERS_OVERFLOW', 'UPSTREAM_INVALID_RESPONSE'],
]);

/** What a request without a complete answer failed of; `head` is what had arrived of one. */
export function networkErrorToError(error: unknown, head: UpstreamDetail = {}): UpstreamError {
  const { status = 0 } = head;
  // A refusal is one from its status on: a 401 whose body breaks may be neither asked again nor taken for an outage.
  if (status >= 400 && status < 500) return new UpstreamError(statusToCode(status), undefined, head);
  const cause = toText(toRecord(error)['code']) ?? '';
  if (cause === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new UpstreamError(
      'UPSTREAM_INVALID_RESPONSE',
      'The answer of the image service is too large to read.',
      head,
    );
  }
  // undici 8 gives its parser's errors no code.
  if (error instanceof errors.HTTPParserError) return new UpstreamError('UPSTREAM_INVALID_RESPONSE', undefined, head);
  return new UpstreamError(codeByCause.get(cause) ?? 'UPSTREAM_UNAVAILABLE', undefined, head);
}
