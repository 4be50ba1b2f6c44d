import type { TestGateway } from './gateway.ts';

/** What a metric of the gateway says. */
export async function metric(gateway: TestGateway, name: string): Promise<number> {
  const text = await (await fetch(gateway.metricsUrl ?? '', { headers: { connection: 'close' } })).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

/** How many requests were answered with a finished response. */
export const renderedBy = (gateway: TestGateway): Promise<number> => metric(gateway, 'gateway_rendered_requests_total');

/** A page, and a count that takes a scan. */
export const page = '{ images(first: 3) { edges { node { id name os { type } } } totalCount } }';
