import { z } from 'zod';

/** What is wrong with a text that has to be written in some notation, and what to write instead. */
export interface Slip {
  code: string;
  message: string;
  hint?: string;
}

/** What is said of a text, undefined when there is nothing wrong with it. */
export type FindSlip = (written: string) => Slip | undefined;

/**
 * How texts of a schema are written: asked also of numbers and truth values that stand where such a text is needed
 * (`wait: 2`, `time: 0900`), by what stands in the file.
 */
export const notations = z.registry<{ slip: FindSlip }>();

/** A text in a notation of its own; every fault says what to write instead. */
export function notation(slip: FindSlip, error?: string): z.ZodString {
  const schema = z.string(error).superRefine((text, context) => {
    const found = slip(text);
    if (found === undefined) return;
    const { code, message, hint } = found;
    context.addIssue({ code: 'custom', message, params: { code, ...(hint === undefined ? {} : { hint }) } });
  });
  return schema.register(notations, { slip });
}

/** A text without the curly quotes and blanks that word processors put around it. */
export const unquoted = (text: string): string => text.replaceAll(/^[\s“”„«»‘’'"]+|[\s“”„«»‘’'"]+$/gu, '');
