interface Refusal {
  readonly status: number;
  readonly meaning: string;
}

/** Every error code that the embedded API answers with, from the IMS and API Gateway error code chapters. */
export const refusals = {
  'IMG.0001': { status: 400, meaning: 'Invalid message format' },
  'IMG.0024': { status: 400, meaning: 'Invalid image type' },
  'IMG.0026': { status: 403, meaning: 'No permission to perform the operation' },
  'IMG.0055': { status: 400, meaning: 'Invalid memory or disk size' },
  'IMG.0061': { status: 500, meaning: 'Unknown system error' },
  'IMG.0067': { status: 400, meaning: 'The project ID is incorrect' },
  'IMG.0144': { status: 400, meaning: 'The image does not exist' },
  'IMG.0192': { status: 400, meaning: 'Invalid flavor' },
  'IMG.0212': { status: 400, meaning: 'Invalid architecture' },
  'APIGW.0101': { status: 404, meaning: 'The API does not exist or has not been published in the environment' },
  'APIGW.0301': { status: 401, meaning: 'Incorrect IAM authentication information' },
  'APIGW.0307': { status: 401, meaning: 'The token must be updated' },
} as const satisfies Record<string, Refusal>;

export type RefusalCode = keyof typeof refusals;

/** The API declines a request: what to answer is in the code's line of {@link refusals}. Never holds a token. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, detail?: string) {
    const { meaning } = refusals[code];
    super(detail === undefined ? meaning : `${meaning}: ${detail}`);
    this.code = code;
  }
}

const longestQuote = 60;

/** A text of the caller's, quoted, cut so that no message grows with its request. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text);

/** The refusal of one parameter: its name, what was expected, what arrived. */
export function refusedParameter(name: string, expected: string, received: string, code: RefusalCode = 'IMG.0001') {
  return new RefusedError(code, `parameter "${name}": expected ${expected}, but received ${quote(received)}`);
}

/** The body of a refusal: the API gateway's form for its own codes, that of IMS for the others. */
export function refusalToBody(code: RefusalCode, message: string, requestId: string): Record<string, unknown> {
  return code.startsWith('APIGW.')
    ? { error_code: code, error_msg: message, request_id: requestId }
    : { error: { code, message } };
}
