import type { Policy } from './policy.schema.ts';

/**
 * True when what serves this purpose must end with an objection: everything that does not rest on a contract with the
 * person (GDPR Art. 6(1)(b)). A purpose that the policy does not know counts as direct marketing.
 */
export function isDirectMarketing(purpose: string, policy: Pick<Policy, 'purposes'>): boolean {
  return !Object.hasOwn(policy.purposes, purpose) || policy.purposes[purpose]!.legalBasis !== 'contract';
}
