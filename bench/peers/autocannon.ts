import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { fillTemplate } from '../load/template.ts';
import { TOKEN_HEADER } from './environment.ts';

// The load generator where wrk is missing: what requests.lua does, with autocannon. Arguments: address, requests at once,
// seconds, file of the template, first number, pages, callers (0 for the caller `demo` alone).

const [url = '', connections, seconds, file = '', from, pages, callers] = process.argv.slice(2);
const template = { body: readFileSync(file, 'utf8'), pages: Number(pages) };
const isSteady = Number(callers) === 0 && !template.body.includes('@@');

let number = Number(from);
let wrong = 0;
const latencies: number[] = [];
const headers = { 'content-type': 'application/json', [TOKEN_HEADER]: 'demo' };
const tokenOf = (): string =>
  Number(callers) === 0 ? 'demo' : `caller-${Math.floor(Math.random() * Number(callers))}`;

const options: autocannon.Options = {
  url,
  connections: Number(connections),
  duration: Number(seconds),
  timeout: 5,
  requests: [
    {
      method: 'POST',
      headers,
      body: template.body,
      ...(isSteady
        ? {}
        : {
            setupRequest: (request: autocannon.Request) => {
              number += 1;
              return {
                ...request,
                headers: { ...headers, [TOKEN_HEADER]: tokenOf() },
                body: fillTemplate(template, number),
              };
            },
          }),
      onResponse(status, body) {
        if (status !== 200 || body.includes('"errors":')) wrong += 1;
      },
    },
  ],
};
const began = performance.now();
let ended = began;
const instance = autocannon(options, (error: unknown, result) => {
  if (error !== null && error !== undefined) throw error;
  const sorted = latencies.toSorted((a, b) => a - b);
  const microseconds = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 1000);
  const said = {
    wrong,
    requests: latencies.length,
    microseconds: Math.round((ended - began) * 1000),
    p50: microseconds(0.5),
    p99: microseconds(0.99),
    max: microseconds(1),
    broken: result.errors - result.timeouts,
    timeouts: result.timeouts,
  };
  process.stdout.write(`MEASURED ${JSON.stringify(said)}\n`);
});
instance.on('response', (_client, _status, _bytes, latencyMs) => {
  latencies.push(latencyMs);
  ended = performance.now();
});
