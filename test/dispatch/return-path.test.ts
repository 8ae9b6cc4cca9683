import { simpleParser } from 'mailparser';
import { readReturnAddress, SmtpAdapter } from '../../src/channels/index.ts';
import { Composer } from '../../src/dispatch/index.ts';
import { startMailServer } from '../channels/mail-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addMessages, addPeople, FakeChannel, person, readyFor, scene, templates } from './setting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('L21: a mail that is really received has an envelope sender that names it', async () => {
  const settings = { domain: 'bounces.example.com', secret: 'a-secret-of-the-tests-only' };
  const senders: string[] = [];
  const server = await startMailServer({
    onMailFrom: ({ address }, _session, done) => {
      senders.push(address);
      done(null);
    },
  });
  const email = new SmtpAdapter({ url: server.url, poolSize: 1, timeoutMs: 5_000 });
  const composer = new Composer(templates(), {
    publicUrl: 'https://relance.example.com',
    secret: settings.secret,
    bounceDomain: settings.domain,
    metadataHeader: 'X-PM-Metadata-relance-message',
  });
  const sms = new FakeChannel('sms');
  const { dispatcher } = scene(db.database, { channels: { email, sms }, composer });
  await addPeople(db.database, [person('ada')]);
  const mail = readyFor('ada');
  await addMessages(db.database, [mail]);
  await dispatcher.handOver(1);
  await email.close();
  await server.close();
  expect(readReturnAddress(senders[0]!, settings)).toMatchObject({ messageId: mail.id });
  const { headers, from } = await simpleParser(server.received[0]!);
  expect(headers.get('x-relance-message')).toBe(mail.id);
  expect(headers.get('x-pm-metadata-relance-message')).toBe(mail.id);
  expect(from?.text).not.toContain('bounce');
});
