/** Injection token of {@link ConsentCatalogue}. */
export const CONSENT_CATALOGUE = Symbol('CONSENT_CATALOGUE');

/** What consent needs to know of the policy; bound where the program is put together, because policy is judged by consent. */
export interface ConsentCatalogue {
  /** Label of each purpose, by id. */
  purposes(): Promise<ReadonlyMap<string, string>>;
  /** Whom people know us as: the first sender's name. */
  brand(): Promise<string>;
}
