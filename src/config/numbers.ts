import { z } from 'zod';

/** A whole number in decimal digits, read as a number. */
export const wholeNumber = (least: number, most: number) => {
  const expected = `expected a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, expected)
    .transform(Number)
    .refine((number) => number >= least && number <= most, expected);
};

/** A time that something may take. */
export const milliseconds = wholeNumber(1, 600_000);
