import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { isRecord } from '../../image/json.ts';
import type { ImageSource } from '../../image/source.ts';
import { MAX_COST } from '../../schema/builder.ts';
import type { ImageContext } from '../../schema/context.ts';
import { executedCost } from '../../schema/cost.ts';
import { subgraphSchema } from '../../schema/index.ts';
import { type HeaderReader, readerOf } from '../caller.ts';
import { tellWhole } from '../plugins/use-rendered-responses.ts';
import { operationToFacts } from '../plugins/use-request-record.ts';
import { takeBody } from '../rendered/take-body.ts';
import type { RequestRecord } from '../request-record.ts';
import { acceptedMediaType } from './accepted-media-type.ts';
import type { KnownDocuments, KnownOperation } from './known-documents.ts';
import { plainBodySize, type PlainRequestOptions } from './plain-request.ts';
import { type PlainParameters, readParameters } from './read-parameters.ts';
import { recordSource } from './recorded-source.ts';
import { sendJson } from './send-json.ts';

/** What the resolvers of a request may use. */
export type ToContext = (
  headers: HeaderReader,
  signal: AbortSignal,
  record: RequestRecord,
  source: ImageSource,
) => ImageContext;

export interface DirectOptions extends PlainRequestOptions {
  readonly source: ImageSource;
  readonly documents: KnownDocuments;
  readonly toContext: ToContext;
  /** Whether answers are compressed. */
  readonly compression: boolean;
}

/** Answers a GraphQL request, or has `otherwise` answer it from the pages of this source. */
export type AnswerDirectly = (
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
  otherwise: (source: ImageSource) => void,
) => void;

/**
 * Answers the plain case with as few steps as can be: a POST of JSON, known parameters, a valid document, and an answer that
 * is fresh and has no errors. Everything else is left to yoga, which knows all cases, and does the plain one alike.
 */
export function createDirectAnswers(options: DirectOptions): AnswerDirectly {
  return (request, response, record, otherwise) => {
    const sizeBytes = plainBodySize(request, options);
    const mediaType = sizeBytes === null ? null : acceptedMediaType(request.headers.accept);
    if (sizeBytes === null || mediaType === null) return otherwise(options.source);
    record.begin();
    takeBody(request, sizeBytes, (body) => {
      // Put back at once: once a request has told its end, nothing can be.
      if (body !== null) request.unshift(body);
      const parameters = body === null ? null : readParameters(body);
      const known = parameters === null ? null : options.documents.find(parameters.query, parameters.operationName);
      if (parameters === null || known === null) return otherwise(options.source);

      const { source, replay } = recordSource(options.source);
      const context = options.toContext(readerOf(request.headers), signalOf(response), record, source);
      record.operation = operationToFacts(known.operation);
      const finish = (result: ExecutionResult | null): void => {
        if (result === null) return otherwise(replay());
        tellWhole(record, result);
        request.resume();
        sendJson(JSON.stringify(result), mediaType, options.compression, request, response);
      };
      answerOf(known, parameters.variables, context).then(finish, () => otherwise(replay()));
    });
  };
}

/** Aborts when the client goes away before its answer is out. */
function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** The answer; null for one that is not fresh. Rejects where it has errors. */
async function answerOf(
  { document, operation, compiled }: KnownOperation,
  variables: PlainParameters['variables'],
  context: ImageContext,
): Promise<ExecutionResult | null> {
  const data = await compiled.run(context, variables);
  if (context.stale.length > 0 || !isRecord(data)) return null;
  const requested = executedCost({ schema: subgraphSchema, document, variables, context }, operation);
  const { usage } = context;
  const extensions = {
    ...(usage.requests > 0 || usage.rowsRead > 0 ? { upstream: usage } : {}),
    ...(requested === null ? {} : { cost: { requested, limit: MAX_COST } }),
  };
  return Object.keys(extensions).length > 0 ? { data, extensions } : { data };
}
