import type { CombinedError } from 'urql';

/** What a person is told of a failure: the gateway's sentence, and upstream's own where there is one. */
export function failureToSentence(error: CombinedError | undefined): string {
  const first = error?.graphQLErrors[0];
  if (first === undefined) return 'The gateway cannot be reached.';
  const upstream: unknown = first.extensions['upstream'];
  const said = typeof upstream === 'object' && upstream !== null && 'message' in upstream ? upstream.message : null;
  return typeof said === 'string' ? `${first.message} ${said}.` : first.message;
}

interface FailureProps {
  readonly sentence: string;
  readonly onRetry: () => void;
  /** A way out where the same question may fail for ever. */
  readonly onStartOver?: () => void;
}

/** Says what went wrong, at once also to a screen reader, and offers to try again. */
export function Failure({ sentence, onRetry, onStartOver }: FailureProps) {
  return (
    <div className="state failure" role="alert">
      <p>{sentence}</p>
      <button onClick={onRetry}>Try again</button>
      {onStartOver !== undefined && <button onClick={onStartOver}>Start over</button>}
    </div>
  );
}
