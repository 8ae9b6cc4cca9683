import { Schema1793491200000 } from './0001-schema.ts';
import { Audit1793491202000 } from './0002-audit.ts';
import { WebhookCall1793491204000 } from './0004-webhook-call.ts';
import { Consent1793491207000 } from './0007-consent.ts';
import { Tracking1793491208000 } from './0008-tracking.ts';
import { Returns1793491209000 } from './0009-returns.ts';
import { Rights1793491211000 } from './0011-rights.ts';
import { DoubleOptIn1793491212000 } from './0012-double-opt-in.ts';
import { Preferences1793491213000 } from './0013-preferences.ts';
import { InboundTexts1793491214000 } from './0014-inbound-texts.ts';
import { RestrictionAndRetention1793491215000 } from './0015-restriction-and-retention.ts';
import { Pressure1793491216000 } from './0016-pressure.ts';
import { Address1793491217000 } from './0017-address.ts';
import { ContactEmail1793491218000 } from './0018-contact-email.ts';
import { RequestsAndLinks1793491221000 } from './0021-requests-and-links.ts';
import { HoldsUntil1793491222000 } from './0022-holds-until.ts';
import { BegunHandOver1793491224000 } from './0024-begun-hand-over.ts';
import { CanonicalAddresses1793491226000 } from './0026-canonical-addresses.ts';
import { WithdrawnAddress1793491227000 } from './0027-withdrawn-address.ts';
import { SpentToken1793491228000 } from './0028-spent-token.ts';
import { InboundMail1793491229000 } from './0029-inbound-mail.ts';
import { RejectedEvents1793491230000 } from './0030-rejected-events.ts';
import { InactivityLine1793491232000 } from './0032-inactivity-line.ts';
import { Access1793491235000 } from './0035-access.ts';

/** All migrations, oldest first. */
export const migrations = [
  Schema1793491200000,
  Audit1793491202000,
  WebhookCall1793491204000,
  Consent1793491207000,
  Tracking1793491208000,
  Returns1793491209000,
  Rights1793491211000,
  DoubleOptIn1793491212000,
  Preferences1793491213000,
  InboundTexts1793491214000,
  RestrictionAndRetention1793491215000,
  Pressure1793491216000,
  Address1793491217000,
  ContactEmail1793491218000,
  RequestsAndLinks1793491221000,
  HoldsUntil1793491222000,
  BegunHandOver1793491224000,
  CanonicalAddresses1793491226000,
  WithdrawnAddress1793491227000,
  SpentToken1793491228000,
  InboundMail1793491229000,
  RejectedEvents1793491230000,
  InactivityLine1793491232000,
  Access1793491235000,
] as const;
