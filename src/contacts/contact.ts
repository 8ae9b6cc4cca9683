import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** Who: one person. The reserved traits have fields of their own; everything else is in `attributes`. */
export interface Contact {
  id: Id;
  /** What the backend calls this person; null for a visitor known only by an anonymous id. */
  userId: string | null;
  email: string | null;
  /** E.164. */
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  /** `YYYY-MM-DD`, or `--MM-DD` when the year is not known. */
  birthday: string | null;
  /** BCP 47. */
  locale: string | null;
  /** IANA name. */
  timezone: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  country: string | null;
  /** When the person became a contact, by the backend's own word when it gave one. */
  createdAt: Instant;
  attributes: Record<string, unknown>;
}

/** What a contact chooses of how it is written to, beside its consent: only the contact does, and no trait changes it. */
export interface OwnChoice {
  /** Messages that pressure can block, in any seven days; null for no limit of its own. */
  maxPerWeek: number | null;
  /** No such message before; null without a pause. */
  pauseUntil: Instant | null;
  /** BCP 47; from then on the contact's locale, whatever a backend sends. Null when none was chosen. */
  language: string | null;
}

/** The traits with a field of their own (docs: interfaces, "identify"). */
export const RESERVED_TRAITS = [
  'email',
  'phone',
  'firstName',
  'lastName',
  'birthday',
  'locale',
  'timezone',
  'country',
  'createdAt',
] as const;

export type ReservedTrait = (typeof RESERVED_TRAITS)[number];
