import { appendToLedger, ledgerOf } from '../../../../src/consent/index.ts';
import type { Database } from '../../../../src/database/index.ts';
import type { Message } from '../../../../src/gate/index.ts';
import type { Instant } from '../../../../src/shared/clock.ts';
import { contactIdOf, laneOf } from '../../../../src/shared/ids.ts';
import { library, readyFor } from '../../../dispatch/setting.ts';

export type Action = 'granted' | 'withdrawn' | 'pending';

export const NUMBER = '+33612345678';
/** Two senders with numbers of their own, and one brand. */
export const law = (written: Record<string, unknown> = {}, scenarios: readonly string[] = []) =>
  library(
    {
      senders: {
        brand: { email: 'Maison <hello@example.com>', sms: 'MAISON', stop: '36111' },
        club: { email: 'Club <club@example.com>', sms: '36222' },
      },
      purposes: {
        newsletter: { label: 'Newsletter', legalBasis: 'consent' },
        offers: { label: 'Offers', legalBasis: 'consent' },
        account: { label: 'Account', legalBasis: 'contract' },
      },
      ...written,
    },
    scenarios,
  );

export const textTo = (user: string, fields: Partial<Message> = {}): Message =>
  readyFor(user, { channel: 'sms', template: 'text-a', ...fields });
/** Of the class of traffic that is no advertising. */
export const alert = { category: 'service', purpose: 'account', needsConsent: false, subjectTo: false } as const;

export const SENT = { status: 'sent', gate: null, reason: null };
export const STOPPED = { status: 'blocked', gate: 'suppression', reason: 'stop' };
/** What a person says about texts of a purpose. */
export const consentTo = (
  database: Database,
  at: Instant,
  user: string,
  purpose: string,
  action: Action,
): Promise<unknown> =>
  database.transaction((sql) =>
    appendToLedger(
      sql,
      contactIdOf(user),
      [
        {
          channel: 'sms',
          purpose,
          action,
          at,
          legalBasis: null,
          source: { kind: 'form', reference: 'f' },
          textVersion: 'v1',
          text: null,
          ip: null,
          userAgent: null,
        },
      ],
      at,
    ),
  );
/** Without the newsletter by mail and by text that everybody here begins with. */
export const ledger = async (database: Database, user: string): Promise<string[]> =>
  (await ledgerOf(database, contactIdOf(user))).slice(2).map(({ purpose, action }) => `${purpose} ${action}`);
/** What scenarios hear of somebody. */
export const eventsOf = async (database: Database, user: string): Promise<unknown[]> =>
  database.run(
    {
      name: 'test-inbound-events',
      text: 'SELECT name, active, properties FROM event WHERE lane = $1 AND contact_id = $2 ORDER BY seq',
    },
    [laneOf(contactIdOf(user)), contactIdOf(user)],
  );
