import { createTransport } from 'nodemailer';
import { mailOf } from '../src/channels/mail.service.ts';
import { compileTemplate } from '../src/templates/index.ts';
import { mustBe, shareOf, type Figure } from './figure.ts';
import { helloData, helloMail, helloTemplate } from './hello-mail.ts';
import { query } from './server.ts';
import { startService } from './service.ts';
import { startSink, type Sink } from './sink.ts';
import { addSubscribers, untilInboxEmpty } from './subscribers.ts';
import { batches, postAll } from './traffic.ts';

const MAILS = 4_000;
const WARM_UP = 1_000;
/** The service's own: `SMTP_POOL_SIZE`, and mails that it has under way at a time. */
const CONNECTIONS = 5;
const UNDER_WAY = 64;

/**
 * Mails a second from `ready` to a loopback SMTP server: claimed, looked at a last time, rendered, handed over, their
 * outcome committed. Against nodemailer alone, which hands over one rendered mail again and
 * again, before and after.
 */
export const dispatch: Figure = async (bench) => {
  const server = await bench.server();
  const url = await server.createDatabase();
  const planning = await startService(url, 'api,engine');
  await addSubscribers(url, MAILS);
  await postAll(`${planning.url}/v1/batch`, batches(0, MAILS, 100), 4);
  await untilInboxEmpty(url);
  await planning.stop();

  const sink = await startSink();
  const before = await nodemailerAlone(sink);
  const dispatching = await startService(url, 'dispatch', { SMTP_URL: sink.url });
  const value = await sink.rate(MAILS, WARM_UP);
  // The last outcomes are being committed.
  await dispatching.stop();
  const after = await nodemailerAlone(sink);
  await sink.stop();
  const [sent] = await query<{ count: number }>(
    url,
    `SELECT count(*)::int AS count FROM message WHERE status = 'sent'`,
  );
  mustBe('messages sent', sent!.count, MAILS);
  const reference = { label: 'nodemailer', value: (before + after) / 2 };
  return [{ figure: 'dispatch', value, unit: 'mails/s', reference, aim: shareOf(value, reference, 0.8) }];
};

async function nodemailerAlone(sink: Sink): Promise<number> {
  const mail = mailOf(helloMail(await compileTemplate(helloTemplate()), helloData()));
  const transport = createTransport({ url: sink.url, pool: true, maxConnections: CONNECTIONS } as object);
  let left = MAILS;
  const send = async (): Promise<void> => {
    while (left-- > 0) await transport.sendMail(mail);
  };
  const [rate] = await Promise.all([sink.rate(MAILS, WARM_UP), ...Array.from({ length: UNDER_WAY }, send)]);
  transport.close();
  return rate;
}
