/** Text of up to 255 characters that can be sent: no control characters, no halves of surrogate pairs. */
export const isPlainText = (value: string): boolean => /^[^\p{Cc}\p{Cs}]{1,255}$/u.test(value);
