import { UpstreamError } from '../../image/errors.ts';
import { unlessAborted } from '../../image/unless-aborted.ts';
import type { Authentication, Proof, UnprovenRequest } from '../authentication.ts';
import { withDeadline } from '../../image/with-deadline.ts';
import type { AccessKey } from './credentials.ts';
import { createKeyGuard, nextTry, type Verdict } from './key-guard.ts';
import { signRequest, toSdkDate } from './sign.ts';

interface AccessKeyOptions {
  readonly now: () => number;
  readonly wallNow: () => number;
  readonly deadlineMs: number;
}

/**
 * Signs requests with an access key, a few at a time, and stops before failed signatures lock it. A request that has been
 * sent goes on after its caller has left, within the deadline, as its failure would count at the cloud all the same.
 */
export function createAccessKeyAuthentication(
  key: AccessKey,
  { now, wallNow, deadlineMs }: AccessKeyOptions,
): Authentication {
  const guard = createKeyGuard(now);

  const sign: Authentication['answer'] = async (request, send) => {
    const end = await guard.ask(request.signal);
    try {
      const proof = requestToProof(request, key, wallNow());
      const page = await withDeadline(deadlineMs, new AbortController().signal, (own) => send(proof, own));
      end('accepted');
      return page;
    } catch (error) {
      const verdict = errorToVerdict(error);
      end(verdict);
      throw verdict === 'refused' || verdict === 'locked' ? refusedError(error, guard.pauseLeftMs()) : error;
    }
  };

  return {
    answer: (request, send) => unlessAborted(sign(request, send), request.signal),
    close: async () => {},
  };
}

function requestToProof(request: UnprovenRequest, key: AccessKey, wallMs: number): Proof {
  const headers = {
    'x-sdk-date': toSdkDate(wallMs),
    ...(key.projectId === null ? {} : { 'x-project-id': key.projectId }),
    ...(key.securityToken === null ? {} : { 'x-security-token': key.securityToken }),
  };
  const { path, query, host } = request;
  const authorization = signRequest({ method: 'GET', path, query, headers: { ...headers, host } }, key);
  const secrets = [key.accessKey, key.secretKey, ...(key.securityToken === null ? [] : [key.securityToken])];
  return { headers: { ...headers, authorization }, secrets };
}

function errorToVerdict(error: unknown): Verdict {
  if (!(error instanceof UpstreamError) || error.upstream.status === undefined) return 'unknown';
  const { status, code = '', message = '' } = error.upstream;
  if (status === 401) return /reach the limit/i.test(message) ? 'locked' : 'refused';
  // The image service itself answers only what the API gateway before it has let through.
  return code.startsWith('IMG.') ? 'accepted' : 'unjudged';
}

function refusedError(error: unknown, pauseLeftMs: number): unknown {
  if (!(error instanceof UpstreamError)) return error;
  const message = "The image service refused the signature of the gateway's access key";
  const next = pauseLeftMs > 0 ? `; ${nextTry(pauseLeftMs)}` : '.';
  return new UpstreamError(error.code, message + next, error.upstream);
}
