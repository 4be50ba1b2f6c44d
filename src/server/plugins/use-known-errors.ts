import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type ErrorCode, errorKinds, InputError, ScanBudgetError, UpstreamError } from '../../image/errors.ts';
import { MalformedValue } from '../../image/field.ts';

/**
 * Shows the errors that the gateway throws on purpose, each with its code and nothing else of its insides. All others
 * are left for masking.
 */
export function useKnownErrors(): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone({ result, setResult }) {
        if (!('errors' in result) || result.errors === undefined) return;
        setResult({ ...result, errors: result.errors.map(toShown) });
      },
    }),
  };
}

function toShown(error: GraphQLError): GraphQLError {
  const { nodes, path, originalError } = error;
  const shown = isVariableError(error) ? toVariableError(error) : describe(originalError);
  if (shown === null) return error;
  return new GraphQLError(shown.message, { nodes: nodes ?? null, path: path ?? null, extensions: shown.extensions });
}

/** A variable that does not fit its type fails the whole operation, before any field and with no code. */
const isVariableError = ({ path, extensions }: GraphQLError): boolean =>
  path === undefined && extensions['code'] === undefined;

/** Its message quotes the whole value, which may be long. */
const toVariableError = ({ message, extensions }: GraphQLError) => ({
  message: message.length > 500 ? `${message.slice(0, 499)}…` : message,
  extensions: { ...extensions, code: 'BAD_USER_INPUT' satisfies ErrorCode },
});

function describe(thrown: unknown) {
  if (thrown instanceof InputError || thrown instanceof ScanBudgetError) {
    return { message: thrown.message, extensions: { code: thrown.code } };
  }
  if (thrown instanceof UpstreamError) {
    const { code, message, upstream, retryAfterMs } = thrown;
    const detail = Object.keys(upstream).length > 0 ? { upstream } : {};
    const later = retryAfterMs === null ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) };
    return { message, extensions: { code, retryable: errorKinds[code].retryable, ...later, ...detail } };
  }
  if (thrown instanceof MalformedValue) {
    const code = 'UPSTREAM_INVALID_RESPONSE' satisfies ErrorCode;
    const { retryable } = errorKinds[code];
    return { message: `Malformed attribute: ${thrown.message}.`, extensions: { code, retryable } };
  }
  return null;
}
