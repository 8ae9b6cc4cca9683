import { returnToken } from '../../../../src/channels/index.ts';
import { addressWithdrawalsOf } from '../../../../src/consent/index.ts';
import { contactIdOf } from '../../../../src/shared/ids.ts';
import { ImapReader } from '../../../../src/tracking/returns/mail/imap-reader.service.ts';
import { createLog } from '../../../../src/http/index.ts';
import { systemClock } from '../../../../src/shared/clock.ts';
import { startWithProgramme, type ConsentTestService } from '../../../consent/programme.ts';
import { addMessages, addPeople, person, readyFor } from '../../../dispatch/setting.ts';
import { ImapServer } from '../../../support/imap-server.ts';
import { until } from '../../../support/until.ts';
import { markSent } from '../setting.ts';

const imap = new ImapServer();
let service: ConsentTestService;
beforeAll(async () => {
  await imap.listen();
  // What came long before is not ours to read.
  imap.add('Subject: old\r\n\r\nold', new Date(Date.now() - 30 * 86_400_000));
  service = await startWithProgramme(['api', 'engine'], { inbound: imap.inbound });
}, 120_000);
afterAll(async () => {
  await service?.close();
  await imap.close();
});

async function sentTo(userId: string) {
  await addPeople(service.db.database, [person(userId)]);
  const mail = readyFor(userId);
  await addMessages(service.db.database, [mail]);
  await markSent(service.db.database, mail);
  return mail;
}
const answer = (id: string, body: string, more = ''): string =>
  `From: ada@example.com\r\nTo: care@example.com\r\n${more}Message-ID: <${Math.random()}@example.com>\r\nIn-Reply-To: <${id}@example.com>\r\nSubject: Re: News\r\n\r\n${body}`;
const replies = (userId: string): Promise<{ active: boolean; stop: boolean; template: string }[]> =>
  service.db.database.run(
    {
      name: 'test-replies',
      text: `SELECT active, (properties->>'stop')::boolean AS stop, properties->>'template' AS template FROM event
      WHERE name = 'Email Replied' AND contact_id = $1`,
    },
    [contactIdOf(userId)],
  );
const readUpTo = async (uid: number): Promise<void> =>
  until(
    async () => {
      const [row] = await service.db.database.run<{ uid: number }>({
        name: 'test-place',
        text: `SELECT last_uid AS uid FROM inbound_mailbox WHERE mailbox <> 'of this test'`,
      });
      return (row?.uid ?? 0) >= uid;
    },
    { what: () => `mail ${uid} was not read; ${imap.commands.slice(-5).join(' | ')}` },
  );

test('L15: an answer is a sign of life, told as soon as it comes; an automatic one is none', async () => {
  const mail = await sentTo('replier');
  imap.add(answer(mail.id, 'I am away', 'Auto-Submitted: auto-replied\r\n'));
  await readUpTo(imap.add(answer(mail.id, 'Thank you!')));
  expect(await replies('replier')).toEqual([{ active: true, stop: false, template: mail.template }]);
});

test('C5b: who asks for no more, in words, is heard', async () => {
  const mail = await sentTo('stopper');
  await readUpTo(
    imap.add(answer(mail.id, 'Please unsubscribe me\r\n\r\nOn Monday, 2 March, Relance wrote:\r\n> News')),
  );
  expect((await service.ledger('stopper')).filter(({ action }) => action === 'withdrawn')).toMatchObject([
    { channel: 'email', purpose: 'newsletter', source: { kind: 'reply-stop', reference: mail.id } },
    { channel: 'email', purpose: 'offers' },
  ]);
  expect(await replies('stopper')).toMatchObject([{ active: false, stop: true }]);
  // Rule C5a: it stands for the mailbox, whoever has it.
  expect(await addressWithdrawalsOf(service.db.database, contactIdOf('stopper'), Date.now())).toMatchObject([
    { channel: 'email', purpose: 'newsletter', brand: null },
    { channel: 'email', purpose: 'offers' },
  ]);
});

test('a bounce in the mailbox is settled, and what cannot be read keeps nobody waiting', async () => {
  const mail = await sentTo('bouncer');
  imap.add(Buffer.alloc(3 * 1024 * 1024, 'x'));
  imap.add('Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(2_000));
  const dsn = `From: MAILER-DAEMON@example.org\r\nTo: care@example.com\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; bouncer@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nX-Relance-Return: ${returnToken(mail.id, 'bouncer@example.com', service.config.secret)}\r\n\r\n--b--\r\n`;
  await readUpTo(imap.add(dsn));
  const rows = await service.db.database.run<{ kind: string }>({
    name: 'test-kinds',
    text: `SELECT kind FROM message_return WHERE message_id = '${mail.id}'`,
  });
  expect(rows).toEqual([{ kind: 'hard' }]);
});

test('each mail is taken once: over restarts of the server, by several readers, and under new numbers', async () => {
  const mail = await sentTo('once');
  const taken: string[] = [];
  const reader = (): ImapReader =>
    new ImapReader({
      inbound: { ...imap.inbound, mailbox: 'of this test' },
      database: service.db.database,
      clock: systemClock,
      log: createLog('silent'),
      pollMs: 100,
      firstBackOffMs: 20,
      take: async ({ key }) => {
        taken.push(key);
        await Promise.resolve();
      },
    });
  imap.idles = false;
  const readers = [reader(), reader()];
  for (const one of readers) one.start();
  try {
    for (let index = 0; index < 5; index++) {
      imap.add(answer(mail.id, `${index}`));
      if (index === 2) imap.drop();
    }
    const recent = [...imap.mails.keys()].length - 1;
    await until(() => taken.length >= recent);
    await imap.close();
    await imap.listen();
    const last = imap.add(answer(mail.id, 'again'));
    await until(() => taken.some((key) => key.endsWith(` ${last}`)));
    expect(new Set(taken).size).toBe(taken.length);
  } finally {
    imap.idles = true;
    await Promise.all(readers.map((one) => one.stop()));
  }
  // The mailbox is made anew: the same answers are known by themselves.
  await readUpTo(imap.uidNext - 1);
  const before = await replies('once');
  expect(before).toHaveLength(6);
  imap.uidValidity += 1;
  imap.drop();
  const [row] = await service.db.database.run<{ validity: number }>({
    name: 'test-validity',
    text: `SELECT uid_validity AS validity FROM inbound_mailbox WHERE mailbox <> 'of this test'`,
  });
  expect(row).toEqual({ validity: 1 });
  await until(async () => {
    const [now] = await service.db.database.run<{ done: boolean }>({
      name: 'test-renewed',
      text: `SELECT uid_validity = ${imap.uidValidity} AND last_uid = ${imap.uidNext - 1} AS done FROM inbound_mailbox WHERE mailbox <> 'of this test'`,
    });
    return now?.done === true;
  });
  expect(await replies('once')).toEqual(before);
}, 60_000);
