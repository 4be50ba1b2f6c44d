const HIDDEN = '[hidden]';
const ADDRESS = '[address]';

/** Longest text of upstream's that a client gets. */
const longestText = 500;

/** The text with each of `texts` hidden. */
export const withoutTexts = (text: string, texts: readonly string[]): string =>
  texts.reduce((rest, one) => rest.replaceAll(one, HIDDEN), text);

/** The value of whatever is named like a credential: `ak:…`, `X-Auth-Token=…`, `"secretKey": "…"`. */
const namedSecret =
  /(?<=(?:\b[as]k|(?:access|authorization|credential|key|password|secret|signature|token)[\w-]*)["']?\s*[:=]\s*["']?)[^\s,;"'&}]+/gi;
const bearer = /(?<=\b(?:basic|bearer)\s+)\S{16,}/gi;
/** Longer than a UUID with a prefix: part of a token, as messages quote them. */
const opaque = /[\w+/=%-]{41,}/g;
const url = /\w+:\/\/\S+/g;
const ipAddress = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g;

/** What a client may read of upstream's words: none of `secrets`, nothing that looks like a credential or an address. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  // Cut after the secrets are found whole, and before the patterns are tried on a text of any length.
  withoutTexts(text, secrets)
    .slice(0, longestText)
    .replace(bearer, HIDDEN)
    .replace(namedSecret, HIDDEN)
    .replace(opaque, HIDDEN)
    .replace(url, ADDRESS)
    .replace(ipAddress, ADDRESS);
