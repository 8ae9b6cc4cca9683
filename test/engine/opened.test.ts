import type { Library } from '../../src/scenarios/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { DAY, HOUR, library, START } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());
beforeEach(() => forgetContacts(db.database));

const LETTER = `scenario: letter
trigger: { event: Begun }
sender: brand
steps:
  mail: { send: { channel: email, template: a } }
  pause: { wait: 1d }
  reads:
    choose:
      - { when: { message: { template: a }, is: opened }, next: reader }
      - otherwise: end
  reader: { set: { told: opened } }`;
const BRANDS = { acme: { label: 'Acme', senders: ['brand'] }, maison: { label: 'Maison', senders: ['other'] } };

describe.each<[string, (lib: Library) => EngineRun]>([
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
])('%s', (_name, runOf) => {
  test.each([
    ['acme', 'granted', 'opened'],
    ['maison', 'granted', undefined],
    [null, 'granted', undefined],
    ['acme', 'withdrawn', undefined],
  ] as const)(
    'C7, C1, D7: a mail of acme was opened; with open tracking for %s %s, a condition knows: %s',
    async (brand, action, told) => {
      const run = runOf(library([LETTER], { senders: SENDERS, brands: BRANDS }));
      await run.identify('ada', { email: 'ada@example.com', country: 'FR' });
      await run.consent('ada', 'granted', 'email', 'newsletter', null, 'acme');
      await run.consent('ada', 'granted', 'email', 'open-tracking', null, 'acme');
      await run.track('ada', 'Begun');
      await run.settleInstant();
      await run.runUntil(START + HOUR);
      await run.hit('ada', 'open', 'a');
      await run.consent('ada', 'withdrawn', 'email', 'open-tracking', null, 'acme');
      await run.consent('ada', action, 'email', 'open-tracking', null, brand);
      await run.runUntil(START + 2 * DAY);
      const { contact, messages } = await run.of('ada');
      expect(messages).toMatchObject([{ status: 'sent', sender: 'brand' }]);
      expect(contact?.attributes['told']).toBe(told);
    },
  );
});

const SENDERS = {
  brand: { email: 'Acme <hello@example.com>', address: '1 rue de la Paix, 75002 Paris' },
  other: { email: 'Maison <hello@example.org>', address: '1 rue de la Paix, 75002 Paris' },
};
