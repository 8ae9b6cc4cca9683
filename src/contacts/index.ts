export type { Contact, OwnChoice, ReservedTrait } from './contact.ts';
export { missingTraits, type Device } from './device.ts';
export { isGenericAddress, isPrivateMailbox } from './mailbox.ts';
export { RESERVED_TRAITS } from './contact.ts';
export { restrictedOf, stoppedClocksOf } from './restricted.ts';
export type { NormalisedTraits } from './traits.ts';
export { applyTraits, newContact, normaliseTraits, sameContact } from './traits.ts';
export { canonicalCountry } from './places.ts';
