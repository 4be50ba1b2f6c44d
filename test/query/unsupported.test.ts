import { expect, test } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

const list = (filter: string) => `{ images(first: 1, filter: ${filter}) { edges { node { id } } } }`;

test('a criterion that the cloud lacks is refused by its argument, before any request; the others work', async () => {
  await using gateway = await startTestGateway({
    env: (url) => ({ IMS_ENDPOINT: url, IMS_UNSUPPORTED_PARAMETERS: 'flavor_id, architecture,__support_kvm' }),
  });
  const refusals = [
    ['{ flavorId: "s6.large.2" }', 'filter.flavorId', '"s6.large.2"'],
    ['{ name: "a", os: { architecture: [ARM] } }', 'filter.os.architecture', '["ARM"]'],
    ['{ supports: { kvm: true } }', 'filter.supports.kvm', 'true'],
  ] as const;
  for (const [filter, argument, received] of refusals) {
    expect(await gateway.ask(list(filter))).toMatchObject({
      data: null,
      errors: [
        {
          message: `Argument "${argument}": expected nothing, as the image service of this cloud lacks this criterion, but received ${received}.`,
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  }
  expect(gateway.takeRequests()).toEqual([]);

  expect(await gateway.ask(list('{ type: PUBLIC, supports: { xen: true } }'))).toMatchObject({
    data: { images: { edges: [{}] } },
  });
  expect(gateway.takeRequests()).toHaveLength(1);
});
