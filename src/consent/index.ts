export { CONSENT_CATALOGUE, type ConsentCatalogue } from './catalogue.ts';
export { ConsentModule } from './consent.module.ts';
export { ConsentService } from './consent.service.ts';
export {
  addressMark,
  asConfirmable,
  askedTogether,
  confirmationOf,
  expiryOf,
  isRequest,
  requestId,
  standingOf,
  withTraits,
} from './double-opt-in.ts';
export type { Addressee, ConfirmationRequest, DoubleOptIn, LinkStanding, RequestStanding } from './double-opt-in.ts';
export {
  holdAddresses,
  holdContact,
  holdContacts,
  shareAddressesNow,
  shareContacts,
  shareContactsNow,
} from './contact-lock.store.ts';
export type { Trace } from './erased.ts';
export { erasedAmong, referenceOf, rememberErasedTraces } from './erased.store.ts';
export { addresseeOf } from './addressee.store.ts';
export { brokenAt, stateOf, type ConsentEntry, type LedgerEntry } from './entry.ts';
export { appendToLedger, appendToLedgers, appendUnheld, ledgerOf, type Told, type ToldBy } from './ledger.store.ts';
export { addressWithdrawalJson, standingJson } from './proof.schema.ts';
export { standingsAt, type Standing } from './standing.ts';
export type { Flaw } from './verify.ts';
export { verifyContact, verifyPart } from './verify.store.ts';
export { openLedgers } from './open-ledgers.store.ts';
export { OPEN_TRACKING, openTrackingAllowed, pixelAllowed } from './open-tracking.ts';
export type { ConsentAction, ConsentKey, ConsentState, LegalBasis, Suppression, SuppressionReason } from './state.ts';
export {
  CONSENT_ACTIONS,
  LEGAL_BASES,
  sameConsent,
  SUPPRESSION_REASONS,
  WITHDRAWN_AT_ADDRESS,
  withConsent,
} from './state.ts';
export { readToken, signToken } from './token.ts';
export { Turnstile } from './turnstile.ts';
export type { LinkToken, TokenUse } from './token.ts';
export { OBJECTION } from './objection.ts';
export { EVERY_SENDER, STOP } from './stop.ts';
export { closesPurpose, isByMessage } from './withdrawn-address.ts';
export type { AddressWithdrawal } from './sql/withdrawn-address.ts';
export { addressWithdrawalsOf, holdAddressesOf, withdrawAtAddresses } from './withdrawn-address.store.ts';
export { readWord, readWordOf, type AnsweredWord, type Word } from './word.ts';
export { standingAgainstAddresses } from './sql/suppressed-address.ts';
export {
  lastStopWord,
  recordStop,
  referenceOfNumber,
  suppressDead,
  suppressionsOfArriving,
  type ArrivingAddress,
} from './suppressed-address.store.ts';
export { recordObjection } from './objection.store.ts';
