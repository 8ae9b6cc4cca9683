import type { Look } from '../pages/index.ts';
import type { DoubleOptIn } from './double-opt-in.ts';

/** Injection token of {@link ConsentCatalogue}. */
export const CONSENT_CATALOGUE = Symbol('CONSENT_CATALOGUE');

/** What consent needs to know of the policy; bound where the program is put together, because policy is judged by consent. */
export interface ConsentCatalogue {
  /** Label of each purpose, by id. */
  purposes(): Promise<ReadonlyMap<string, string>>;
  /** Ids of the brands that consent is asked for by name; empty where there is only one. */
  brands(): Promise<ReadonlySet<string>>;
  /** Which consents must be confirmed; null where the policy asks for none (rule C4). */
  doubleOptIn(): Promise<DoubleOptIn | null>;
  /** How people's pages look: the brand's own, else the policy's; whom people know us as in any case. */
  look(brand?: string): Promise<Look>;
}
