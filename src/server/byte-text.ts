const ascii = /^[ -~]*$/;

/**
 * A text as UTF-8, each byte as a character. What is put together of such texts is encoded already: its length is that of its
 * bytes, and it is written as `latin1`, together with the head.
 */
export const toByteText = (text: string): string => (ascii.test(text) ? text : Buffer.from(text).toString('latin1'));
