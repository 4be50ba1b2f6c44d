import {
  type ConcreteRequest,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getRequest,
  getSingularSelector,
  type GraphQLTaggedNode,
  type IEnvironment,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import detailsQuery from './relay/__generated__/imageDetailsQuery.graphql.ts';
import detailsFragment from './relay/__generated__/imageDetails_image.graphql.ts';
import detailsRefetch from './relay/__generated__/imageDetailsRefetchQuery.graphql.ts';
import historyFragment from './relay/__generated__/imageHistory_query.graphql.ts';
import historyPage from './relay/__generated__/imageHistoryPageQuery.graphql.ts';
import historyQuery from './relay/__generated__/imageHistoryQuery.graphql.ts';
import listFragment from './relay/__generated__/imageList_query.graphql.ts';
import listPage from './relay/__generated__/imageListPageQuery.graphql.ts';
import listQuery from './relay/__generated__/imageListQuery.graphql.ts';

let gateway: TestGateway;
let ids: string[];

beforeAll(async () => {
  gateway = await startTestGateway();
  const { data } = await gateway.ask('{ images(first: 100, filter: { type: PRIVATE }) { edges { node { id } } } }');
  ids = data.images.edges.map((edge: any) => edge.node.id);
});
afterAll(() => gateway[Symbol.asyncDispose]());

type Variables = Readonly<Record<string, unknown>>;

/** What Relay's hooks do, without React: they ask, and read fragments out of the store. */
function openStore() {
  const environment: IEnvironment = new Environment({
    network: Network.create(async ({ text }, variables) => (await gateway.ask(text ?? '', variables)) as any),
    store: new Store(new RecordSource()),
  });
  return {
    ask: (query: GraphQLTaggedNode, variables: Variables) => fetchQuery(environment, query, variables).toPromise(),
    read: (query: ConcreteRequest, variables: Variables, fragment: any, field?: string): any => {
      const root = environment.lookup(createOperationDescriptor(getRequest(query), variables).fragment).data;
      const reference = field === undefined ? root : root?.[field];
      return environment.lookup(getSingularSelector(fragment, reference)).data;
    },
  };
}

const nodeIds = ({ images }: any): string[] => images.edges.map(({ node }: any) => node.id);

test('a connection read forward grows at its end, page by page, until there is no more', async () => {
  const { ask, read } = openStore();
  const filter = { type: 'PRIVATE' };
  await ask(listQuery, { filter, first: 9 });
  const list = () => read(listQuery, { filter, first: 9 }, listFragment);
  expect(nodeIds(list())).toEqual(ids.slice(0, 9));

  while (list().images.pageInfo.hasNextPage) {
    await ask(listPage, { filter, first: 9, after: list().images.pageInfo.endCursor });
  }
  expect(nodeIds(list())).toEqual(ids);
});

test('a connection read backward grows at its start, page by page, until there is no more', async () => {
  const { ask, read } = openStore();
  const filter = { type: 'PRIVATE' };
  await ask(historyQuery, { filter, last: 9 });
  const history = () => read(historyQuery, { filter, last: 9 }, historyFragment);
  const oldestFirst = ids.toReversed();
  expect(nodeIds(history())).toEqual(oldestFirst.slice(-9));

  while (history().images.pageInfo.hasPreviousPage) {
    await ask(historyPage, { filter, last: 9, before: history().images.pageInfo.startCursor });
  }
  expect(nodeIds(history())).toEqual(oldestFirst);
});

test('an image is asked for again through node, by the id that it has', async () => {
  const { ask, read } = openStore();
  const [id] = ids;
  await ask(detailsQuery, { id });
  const details = () => read(detailsQuery, { id }, detailsFragment, 'image');
  expect(details().id).toBe(id);
  const { node } = (await ask(detailsRefetch, { id, withRaw: true })) as any;
  expect(node.__id).toBe(id);
  expect(read(detailsRefetch, { id, withRaw: true }, detailsFragment, 'node').raw).toMatchObject({ id });
});
