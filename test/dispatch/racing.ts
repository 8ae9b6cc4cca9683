import { performance } from 'node:perf_hooks';
import type { Database } from '../../src/database/index.ts';
import type { Id } from '../../src/shared/ids.ts';
import { addMessages, addPeople, FakeChannel, person, readyFor, sent, START } from './setting.ts';

/**
 * Mails that are ready for each of `names`, and a channel that takes `takes` milliseconds for one, `atOnce` at a time, and
 * notes when it had handed it over: for whoever races with the dispatcher (rule D4).
 */
export async function racingMails(
  database: Database,
  names: readonly string[],
  mailsEach: number,
  takes: (messageId: Id) => number,
  atOnce: number,
) {
  await addPeople(
    database,
    names.map((name) => person(name)),
  );
  const mails = names.flatMap((name) =>
    Array.from({ length: mailsEach }, (_, index) => readyFor(name, { dueAt: START - index })),
  );
  await addMessages(database, mails);
  const handedOver = new Map<Id, number>();
  const email = new FakeChannel(
    'email',
    async ({ messageId }) => {
      await new Promise((resolve) => setTimeout(resolve, takes(messageId)));
      handedOver.set(messageId, performance.now());
      return sent;
    },
    atOnce,
  );
  return { mails, email, handedOver };
}
