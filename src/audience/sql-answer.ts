/**
 * What SQL can say of a condition, as two expressions that are never null: whoever `must` is true of meets it for
 * certain, and whoever `may` is not true of does not. The two are one text where SQL decides as `evaluate` does; who is
 * in between is asked in memory.
 */
export interface Answer {
  readonly may: string;
  readonly must: string;
}

/** SQL decides by itself. */
export const exact = (sql: string): Answer => ({ may: sql, must: sql });

export const ALWAYS: Answer = exact('TRUE');
export const NEVER: Answer = exact('FALSE');

/** SQL decides but where `odd` is true. */
export const unless = (odd: string, { may, must }: Answer): Answer => ({
  may: join('OR', [may, odd]),
  must: join('AND', [must, negated(odd)]),
});

export const isExact = ({ may, must }: Answer): boolean => may === must;

export const every = (parts: readonly Answer[]): Answer => joined('AND', parts);
export const some = (parts: readonly Answer[]): Answer => joined('OR', parts);
export const not = ({ may, must }: Answer): Answer => ({ may: negated(must), must: negated(may) });

function joined(word: 'AND' | 'OR', parts: readonly Answer[]): Answer {
  return {
    may: join(
      word,
      parts.map(({ may }) => may),
    ),
    must: join(
      word,
      parts.map(({ must }) => must),
    ),
  };
}

function join(word: 'AND' | 'OR', parts: readonly string[]): string {
  const [neutral, decisive] = word === 'AND' ? ['TRUE', 'FALSE'] : ['FALSE', 'TRUE'];
  if (parts.includes(decisive)) return decisive;
  const rest = parts.filter((part) => part !== neutral);
  return rest.length === 0 ? neutral : rest.length === 1 ? rest[0]! : `(${rest.join(` ${word} `)})`;
}

function negated(sql: string): string {
  if (sql === 'TRUE') return 'FALSE';
  return sql === 'FALSE' ? 'TRUE' : `(NOT ${sql})`;
}
