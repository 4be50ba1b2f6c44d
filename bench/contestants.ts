import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imagesToRows, listAnswerToRows, questionToListBody } from './list-question.ts';
import { type Question, questionToBody, questionToUpstream } from './question.ts';
import { type RunningServer, scratch, startServer } from './running.ts';
import { questionToShape } from './shape.ts';

/** What a contestant answered, in the gateway's terms. */
export interface AnsweredPage {
  readonly rows: readonly unknown[];
  /** What the connection says beside the images; absent for who does not know of it. */
  readonly beside?: unknown;
}

/** Somebody who answers the measured operation. */
export interface Contestant {
  readonly name: string;
  readonly title: string;
  start(setting: Setting): Promise<RunningServer>;
  /** The question as it is asked of this one. Throws where it cannot be. */
  toBody(question: Question): string;
  /** The page in an answer to the question. */
  toPage(answer: any, question: Question): AnsweredPage;
}

/** What a contestant is started for. */
export interface Setting {
  readonly upstreamUrl: string;
  readonly question: Question;
  readonly cores: string | null;
  /** Environment variables of the gateway beside the usual ones. */
  readonly gatewayEnv?: Readonly<Record<string, string>>;
  /** Options of Node for the gateway. */
  readonly nodeOptions?: readonly string[];
  /** The gateway's own answer to the question, once it is known. */
  readonly finished?: Finished;
}

/** An answer that has only to be sent. */
export interface Finished {
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

const main = new URL('../src/main.ts', import.meta.url).pathname;
const cluster = new URL('cluster.ts', import.meta.url).pathname;
const peer = (name: string): string => new URL(`peers/${name}.ts`, import.meta.url).pathname;

/** As it comes, but for what every contestant has: nothing becomes old in a run. */
const gatewayEnv = ({ upstreamUrl, gatewayEnv: more = {} }: Setting): Record<string, string> => ({
  PORT: '0',
  BANNER: 'off',
  IMS_ENDPOINT: upstreamUrl,
  CACHE_FRESH_MS: '600000',
  ...more,
});

const connectionIn = (answer: any): AnsweredPage => {
  const [page]: any[] = Object.values(answer.data ?? {});
  const edges: any[] = page?.edges ?? [];
  return {
    rows: edges.map(({ node }) => node),
    beside: { ...page, edges: edges.map((edge) => ({ ...edge, node: null })) },
  };
};

/** The body of a question that one list request answers. Throws where it is another one. */
const toPageBody = (question: Question): string => {
  questionToUpstream(question);
  questionToShape(question);
  return questionToBody(question);
};

/** A server that knows our schema, reduced to what is asked. */
const graphqlPeer = (name: string, title: string): Contestant => ({
  name,
  title,
  start: ({ upstreamUrl, question, cores }) => {
    const file = join(scratch, 'question.json');
    writeFileSync(file, questionToBody(question));
    return startServer({ title, script: [peer(name)], cores, env: { UPSTREAM: upstreamUrl, QUESTION: file } });
  },
  toBody: toPageBody,
  toPage: connectionIn,
});

/** Headers that Node's HTTP server sends by itself. */
const ofItsOwn: ReadonlySet<string> = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);

export const plainNode: Contestant = {
  name: 'plain-node',
  title: 'plain Node HTTP, the same bytes and headers',
  start: ({ cores, finished }) => {
    const file = join(scratch, 'answer.json');
    const headers = [...(finished?.headers ?? [])].filter(([name]) => !ofItsOwn.has(name));
    writeFileSync(file, JSON.stringify({ headers, body: Buffer.from(finished?.bytes ?? []).toString() }));
    return startServer({ title: 'plain Node HTTP', script: [peer('plain-node')], cores, env: { ANSWER: file } });
  },
  toBody: questionToBody,
  toPage: connectionIn,
};

export const bareProxy: Contestant = {
  name: 'bare-proxy',
  title: 'bare undici proxy',
  start: ({ upstreamUrl, question, cores }) =>
    startServer({
      title: 'bare undici proxy',
      script: [peer('bare-proxy')],
      cores,
      env: {
        UPSTREAM: upstreamUrl,
        UPSTREAM_PATH: `/v1/cloudimages/fuzzy?${questionToUpstream(question).query}`,
      },
    }),
  toBody: toPageBody,
  toPage: ({ images }, question) => ({
    rows: imagesToRows(images.slice(0, questionToUpstream(question).size), question),
  }),
};

export const handWritten: Contestant = {
  name: 'hand-written',
  title: 'by hand, without GraphQL: parse the page, write its attributes',
  start: ({ upstreamUrl, question, cores }) => {
    const { query, size } = questionToUpstream(question);
    const file = join(scratch, 'question.json');
    writeFileSync(file, questionToBody(question));
    const env = {
      UPSTREAM: upstreamUrl,
      UPSTREAM_PATH: `/v1/cloudimages/fuzzy?${query}`,
      PAGE_SIZE: String(size),
      QUESTION: file,
    };
    return startServer({ title: 'the one by hand', script: [peer('hand-written')], cores, env });
  },
  toBody: toPageBody,
  toPage: ({ images }) => ({ rows: images }),
};

export const gateway: Contestant = {
  name: 'gateway',
  title: '**this gateway**',
  start: (setting) => {
    const script = [...(setting.nodeOptions ?? []), main];
    return startServer({ title: 'the gateway', script, env: gatewayEnv(setting), cores: setting.cores }).then(
      atGraphql,
    );
  },
  toBody: questionToBody,
  toPage: connectionIn,
};

/** The gateway as it is for answers whose images have never come before. */
export const parsingGateway: Contestant = {
  ...gateway,
  name: 'parsing-gateway',
  title: 'this gateway, every image parsed',
  start: (setting) => gateway.start({ ...setting, gatewayEnv: { ...setting.gatewayEnv, KNOWN_IMAGES_MAX_BYTES: '0' } }),
};

/** Two processes of the gateway behind one port. */
export const twoGateways: Contestant = {
  ...gateway,
  name: 'two-gateways',
  title: 'two processes of this gateway',
  start: (setting) => {
    const env = { ...gatewayEnv(setting), PROCESSES: '2' };
    return startServer({ title: 'two gateways', script: [cluster], env, cores: setting.cores }).then(atGraphql);
  },
};

/** The gateway says its whole address in its log, or that of its port alone. */
const atGraphql = (server: RunningServer): RunningServer => ({ ...server, url: new URL('/graphql', server.url).href });

/** Asks for the rows of the list itself, in the schema that Mesh makes of its description. */
export const hiveGateway: Contestant = {
  ...graphqlPeer('hive-gateway', 'Hive Gateway over OpenAPI, response caching'),
  toBody: questionToListBody,
  toPage: (answer, question) => ({ rows: listAnswerToRows(answer, question) }),
};

export const mercurius = graphqlPeer('mercurius', 'Mercurius with JIT, pages in memory');
export const apolloServer = graphqlPeer('apollo-server', 'Apollo Server, REST data source, response cache');
export const yoga = graphqlPeer('yoga', 'GraphQL Yoga with its response cache');

/** Everybody who can be left out, in the order of the table. */
export const peers: readonly Contestant[] = [mercurius, hiveGateway, apolloServer, yoga];
export const contestants: readonly Contestant[] = [
  plainNode,
  bareProxy,
  handWritten,
  gateway,
  parsingGateway,
  ...peers,
];

/** Whether the peers' package is installed. */
export const arePeersInstalled = (): boolean =>
  existsSync(new URL('peers/node_modules/.package-lock.json', import.meta.url));
