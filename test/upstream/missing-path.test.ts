import { test } from 'vitest';
import { errorKinds } from '../../src/image/errors.ts';
import { answer } from '../support/fault-server.ts';
import { expectOneFailure } from './expect-one-failure.ts';

test.for(['APIGW.0101', 'APIG.0101'])('a path that the region lacks (%s) is explained by its setting', async (code) => {
  await expectOneFailure({
    fault: answer(404, { error_code: code, error_msg: 'The API does not exist', request_id: 'request-1' }),
    code: 'UPSTREAM_NOT_FOUND',
    message: `${errorKinds.UPSTREAM_NOT_FOUND.meaning} Its region may lack the path that the gateway asks; IMS_LIST_PATH changes it.`,
    upstream: { status: 404, code, message: 'The API does not exist', requestId: 'request-1' },
  });
});
