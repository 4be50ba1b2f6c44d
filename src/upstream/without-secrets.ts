const HIDDEN = '[hidden]';
const ADDRESS = '[address]';

/** Longest text of upstream's that a client gets. */
const longestText = 500;

/** A shorter secret stands in words by chance. */
const shortestSecret = 8;

/** The text with each of `texts` hidden. */
export const withoutTexts = (text: string, texts: readonly string[]): string =>
  texts.filter((one) => one.length >= shortestSecret).reduce((rest, one) => rest.replaceAll(one, HIDDEN), text);

/** The value of an access key or password, whatever it looks like: `ak:…`. */
const shortSecret = /(?<=(?:\b[as]k|password)["']?\s*[:=]\s*["']?)[^\s,;"'&}]+/gi;
/** The value of whatever else is named like a credential, where it is no word: `X-Auth-Token=…`, `"secretKey": "…"`. */
const namedSecret =
  /(?<=(?:(?:access|api|private|secret|security)[\w-]*|authorization|credential[\w-]*|signature|token)["']?\s*[:=]\s*["']?)[^\s,;"'&}]{12,}/gi;
const bearer = /(?<=\b(?:basic|bearer)\s+)\S{16,}/gi;
/** Longer than a UUID with a prefix: part of a token, as messages quote them. */
const opaque = /[\w+/=%-]{41,}/g;
const url = /\w+:\/\/\S+/g;
const ipAddress = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|(?:\b[\da-f]{1,4}:){3,}[\da-f:.]*/gi;
const hostAndPort = /\b[\w-]+(?:\.[\w-]+)+:\d+\b/g;

/** What a client may read of upstream's words: none of `secrets`, nothing that looks like a credential or an address. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  // Cut after the secrets are found whole, and before the patterns are tried on a text of any length.
  withoutTexts(text, secrets)
    .slice(0, longestText)
    .replace(bearer, HIDDEN)
    .replace(shortSecret, HIDDEN)
    .replace(namedSecret, HIDDEN)
    .replace(opaque, HIDDEN)
    .replace(url, ADDRESS)
    .replace(ipAddress, ADDRESS)
    .replace(hostAndPort, ADDRESS);
