/** Whether text can be a token: visible ASCII, as headers carry it. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]{1,16384}$/.test(text);
