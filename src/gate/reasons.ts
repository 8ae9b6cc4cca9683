import { SUPPRESSION_REASONS } from '../consent/index.ts';
import type { Gate, GateRecord } from './message.ts';

/**
 * Why each gate refuses. `template` refuses with the fault of the template, in its own words; a row may hold a reason
 * that a later version wrote. Every one of these has a sentence in English and French (src/explain).
 */
export const REFUSALS = {
  address: ['no-address', 'no-sender', 'no-contact'],
  suppression: SUPPRESSION_REASONS,
  consent: [
    'unknown',
    'withdrawn',
    'withdrawn-at-address',
    'refused',
    'pending',
    'confirmed',
    'not-consent',
    'no-sale',
    'not-professional',
    'private-mailbox',
    'referral-used',
    'no-such-purpose',
  ],
  'quiet-hours': ['closed', 'legal-hours', 'blackout', 'never-open'],
  window: ['closed', 'never-open'],
  pressure: ['no-room', 'paused', 'exclusive'],
  template: [],
} as const satisfies Record<Gate, readonly string[]>;

/** What a gate says when it passes for a reason of its own: it does not apply, or the legal basis that stood for a consent. */
export const PASSES = {
  address: [],
  suppression: [],
  consent: [
    'not-needed',
    'confirmation',
    'soft-opt-in',
    'contract',
    'legitimate-interest',
    'generic-address',
    'referral',
  ],
  'quiet-hours': [],
  window: [],
  pressure: ['not-subject'],
  template: [],
} as const satisfies Record<Gate, readonly string[]>;

export type Refusal<Of extends Gate> = (typeof REFUSALS)[Of][number];
export type Pass<Of extends Gate> = (typeof PASSES)[Of][number];

/** One gate's no. */
export function refusal<Of extends Gate>(gate: Of, reason: Refusal<Of>, more: Partial<GateRecord> = {}): GateRecord {
  return { gate, passed: false, reason, ...more };
}
