/** What PostgreSQL keeps as text: no NUL, no half of a surrogate pair; with what is said of other text. */
export const STORABLE = [/^[^\0\p{Cs}]*$/u, 'must not contain NUL or broken Unicode'] as const;

export const isStorable = (text: string): boolean => STORABLE[0].test(text);
