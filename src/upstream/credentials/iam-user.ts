import { UpstreamError } from '../../image/errors.ts';
import type { Observe } from '../../image/events.ts';
import type { ImagePage } from '../../image/source.ts';
import { unlessAborted } from '../../image/unless-aborted.ts';
import { type Authentication, type SendProven, tokenToProof } from '../authentication.ts';
import type { IamUser } from './credentials.ts';
import { createIamClient } from './iam-client.ts';
import { createTokenKeeper } from './token-keeper.ts';

interface IamUserOptions {
  readonly now: () => number;
  readonly connectTimeoutMs: number;
  readonly observe?: Observe;
}

/** Presents tokens of an IAM user. A request whose token "must be updated" is sent once more, with a new one. */
export function createIamUserAuthentication(
  user: IamUser,
  { now, connectTimeoutMs, observe = () => {} }: IamUserOptions,
): Authentication {
  const iam = createIamClient(user, connectTimeoutMs);
  const keeper = createTokenKeeper({ fetchToken: () => iam.fetchToken(), now, observe });

  const present = async (token: string, send: SendProven, signal: AbortSignal): Promise<ImagePage> => {
    try {
      const page = await send(tokenToProof(token), signal);
      keeper.accepted(token);
      return page;
    } catch (error) {
      if (isUnauthenticated(error)) keeper.refused(token);
      throw error;
    }
  };

  return {
    async answer({ signal }, send) {
      const token = await unlessAborted(keeper.get(), signal);
      try {
        return await present(token, send, signal);
      } catch (error) {
        if (!isUnauthenticated(error) || !mustBeUpdated(error)) throw error;
        const next = await unlessAborted(keeper.get(), signal);
        if (next === token) throw error;
        const page = await present(next, send, signal);
        return { ...page, requests: page.requests + 1 };
      }
    },
    close: () => iam.close(),
  };
}

const isUnauthenticated = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && error.upstream.status === 401;

/** "The token must be updated", of the API gateway under its newer and its older name. */
const mustBeUpdated = ({ upstream }: UpstreamError): boolean => /^APIGW?\.0307$/.test(upstream.code ?? '');
