/** A mail taken apart: headers by name in lower case, its text, and its parts that are neither text nor HTML. */
export interface MailParts {
  headers: ReadonlyMap<string, string>;
  text: string;
  parts: readonly { type: string; content: string }[];
}

/** A mail that says nothing. */
export const NO_MAIL: MailParts = { headers: new Map(), text: '', parts: [] };
