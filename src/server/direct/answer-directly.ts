import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ImageSource } from '../../image/source.ts';
import { MAX_COST } from '../../schema/builder.ts';
import type { ImageContext } from '../../schema/context.ts';
import { plannedCost } from '../../schema/cost.ts';
import { subgraphSchema } from '../../schema/index.ts';
import type { Allowance } from '../allowance.ts';
import { toByteText } from '../byte-text.ts';
import { type HeaderReader, readerOf } from '../caller.ts';
import type { CorsHeaders } from '../cors.ts';
import { tellWhole } from '../plugins/use-rendered-responses.ts';
import { operationToFacts } from '../plugins/use-request-record.ts';
import type { RequestRecord } from '../request-record.ts';
import { createTogether } from '../together.ts';
import { acceptedMediaType } from './accepted-media-type.ts';
import type { FindText } from './find-text.ts';
import type { KnownDocuments, KnownOperation } from './known-documents.ts';
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

export interface DirectOptions {
  readonly source: ImageSource;
  readonly findText: FindText;
  readonly documents: KnownDocuments;
  readonly toContext: ToContext;
  readonly allowance: Allowance | null;
  /** What tells a page of this origin that it may read an answer. */
  readonly corsHeaders: CorsHeaders;
  /** Whether answers are compressed. */
  readonly compression: boolean;
}

/** Answers a GraphQL request, or has `otherwise` answer it from the pages of this source. */
export type AnswerDirectly = (
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  record: RequestRecord,
  otherwise: (source: ImageSource) => void,
) => void;

/**
 * Answers the plain case with as few steps as can be: a POST of JSON, known parameters, a valid document, and an answer that
 * is fresh and has no errors. Everything else is left to yoga, which knows all cases, and does the plain one alike.
 */
export function createDirectAnswers(options: DirectOptions): AnswerDirectly {
  const { findText, documents, toContext, allowance, corsHeaders, compression } = options;
  const together = createTogether();

  /** What is asked for; null where yoga has to say what comes of it. */
  const understand = ({ headers }: IncomingMessage, body: Buffer) => {
    const mediaType = acceptedMediaType(headers.accept);
    const parameters = mediaType === null ? null : readParameters(body);
    const text = parameters === null ? null : findText(parameters.document);
    const known = parameters === null || text === null ? null : documents.find(text, parameters.operationName);
    return mediaType === null || parameters === null || known === null
      ? null
      : { mediaType, known, variables: parameters.variables };
  };

  return (request, response, body, record, otherwise) => {
    const headers = readerOf(request.headers);
    const isAdmitted = isPlain(request) && (allowance === null || allowance.take(headers, record) === 0);
    const asked = isAdmitted ? understand(request, body) : null;
    if (asked === null) return otherwise(options.source);
    const { mediaType, known, variables } = asked;
    const { source, replay } = recordSource(options.source);
    const context = toContext(headers, signalOf(response), record, source);
    record.operation = operationToFacts(known.operation);
    const leave = (): void => {
      if (!response.closed) otherwise(replay());
    };
    const finish = (answer: Answer | null): void => {
      if (answer === null) return leave();
      together(() => {
        if (answer.isWhole) tellWhole(record);
        request.resume();
        for (const [name, value] of corsHeaders(request.headers.origin)) response.setHeader(name, value);
        sendJson(answer.text, mediaType, compression, request, response);
      }, answer.text.length);
    };
    answerOf(known, variables, context).then(finish, leave);
  };
}

/** Whether nothing but the body can make it another case than the plain one. */
const isPlain = ({ method, url = '', headers }: IncomingMessage): boolean =>
  method === 'POST' && !url.includes('?') && headers['access-control-request-headers'] === undefined;

/** Aborts when the client goes away before its answer is out. */
function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.closed) controller.abort();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

interface Answer {
  /** As JSON, a character for each byte. */
  readonly text: string;
  /** Whether it says nothing of itself that is true for this request alone. */
  readonly isWhole: boolean;
}

/** The answer; null for one that is not fresh. Rejects where it has errors. */
async function answerOf(
  { document, operation, compiled }: KnownOperation,
  variables: PlainParameters['variables'],
  context: ImageContext,
): Promise<Answer | null> {
  const requested = plannedCost({ schema: subgraphSchema, document, variables, context }, operation);
  context.isPriced = requested !== null && requested <= MAX_COST;
  const data = await compiled.run(context, variables);
  if (context.stale.length > 0) return null;
  const { usage } = context;
  const shown = {
    ...(usage.requests > 0 || usage.rowsRead > 0 ? { upstream: usage } : {}),
    ...(requested === null ? {} : { cost: { requested, limit: MAX_COST } }),
  };
  const extensions = toByteText(JSON.stringify(shown));
  return {
    text: extensions === '{}' ? `{"data":${data}}` : `{"data":${data},"extensions":${extensions}}`,
    isWhole: usage.incomplete === undefined,
  };
}
