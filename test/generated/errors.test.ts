import { expect, test } from 'vitest';
import { errorKinds } from '../../src/image/errors.ts';

test('docs/errors.md lists every code', async () => {
  const rows = Object.entries(errorKinds).map(
    ([code, { meaning, retryable }]) => `| \`${code}\` | ${meaning} | ${retryable ? 'yes' : 'no'} |`,
  );
  const page = [
    '# Errors',
    '',
    'Every error has `extensions.code`, and in `extensions.requestId` the id under which the log tells of its request. The codes of',
    'the gateway itself, made from `src/image/errors.ts` by `npm run generate`:',
    '',
    '| code | meaning | worth asking again |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'Those about upstream carry `extensions.retryable`, and what upstream said of itself, as far as it said it, in `extensions.upstream`:',
    '`status`, `code` (such as `IMG.0024` or `APIGW.0301`), `message` and `requestId`. Where upstream or the circuit breaker says how long to',
    'wait before asking again, `extensions.retryAfterSeconds` does too.',
    '',
    'An answer whose images are older than they should be is no error. It says so in `extensions.stale` of the answer: `ageSeconds`,',
    '`because` (`revalidating`: newer ones are on their way; `upstream-failed`: they could not be had), and in that case `code`.',
    '',
    'The GraphQL server adds `GRAPHQL_PARSE_FAILED`, `GRAPHQL_VALIDATION_FAILED`, `OPERATION_RESOLUTION_FAILURE` (no operation of that',
    'name), `BAD_REQUEST`, `UNSUPPORTED_MEDIA_TYPE`, `REQUEST_ENTITY_TOO_LARGE`, and `INTERNAL_SERVER_ERROR` for a mistake of the',
    'gateway, whose message is hidden.',
    '',
  ];
  await expect(page.join('\n')).toMatchFileSnapshot('../../docs/errors.md');
});
