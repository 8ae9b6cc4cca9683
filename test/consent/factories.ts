import fc from 'fast-check';
import type { ConsentEntry } from '../../src/consent/entry.ts';
import { CONSENT_ACTIONS, LEGAL_BASES } from '../../src/consent/state.ts';

/** A Monday morning. */
export const NOW = Date.parse('2026-03-02T09:00:00Z');

/** Ada agreeing to the newsletter by mail, in a form. */
export function entry(changes: Partial<ConsentEntry> = {}): ConsentEntry {
  return {
    channel: 'email',
    purpose: 'newsletter',
    action: 'granted',
    at: NOW,
    legalBasis: 'consent',
    source: { kind: 'form', reference: 'https://shop.example.com/newsletter' },
    textVersion: '2026-01',
    text: 'Yes, write to me once a week.',
    ip: '192.0.2.7',
    userAgent: 'Mozilla/5.0',
    ...changes,
  };
}

/** Text as a person or a browser may send it: any Unicode that PostgreSQL stores. */
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.toWellFormed().replaceAll('\0', ''));
const textOrNull = fc.option(text, { nil: null });

/** Anything a ledger may be told, on few channels and purposes so that entries meet. */
export const anyEntry: fc.Arbitrary<ConsentEntry> = fc.record(
  {
    channel: fc.constantFrom('email', 'sms'),
    purpose: fc.constantFrom('newsletter', 'offers'),
    action: fc.constantFrom(...CONSENT_ACTIONS),
    at: fc.integer({ min: NOW - 5, max: NOW }),
    legalBasis: fc.option(fc.constantFrom(...LEGAL_BASES), { nil: null }),
    source: fc.record({ kind: text, reference: textOrNull }),
    textVersion: textOrNull,
    text: textOrNull,
    ip: textOrNull,
    userAgent: textOrNull,
    brand: fc.constantFrom('acme', 'maison'),
    requestedAt: fc.integer({ min: NOW - 9, max: NOW }),
    expiresAt: fc.integer({ min: NOW + 1, max: NOW + 9 }),
    addressMark: fc.constantFrom('00000000000000aa', '00000000000000bb'),
  },
  {
    requiredKeys: [
      'channel',
      'purpose',
      'action',
      'at',
      'legalBasis',
      'source',
      'textVersion',
      'text',
      'ip',
      'userAgent',
    ],
  },
);
