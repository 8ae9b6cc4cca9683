import type { CustomerEvent } from '../events/index.ts';
import type { Message } from '../gate/index.ts';
import { UserError, type Fault } from '../shared/errors.ts';
import { derivedId, type Id } from '../shared/ids.ts';
import { trackedEvent } from '../tracking/index.ts';
import type { TestLine } from './test-file.schema.ts';
import type { VirtualRun } from './virtual-run.ts';

/** Where a line of a timeline is written. */
export type Place = Pick<Fault, 'file' | 'line' | 'column'>;

export function isHit({ click, open }: TestLine): boolean {
  return click !== undefined || open !== undefined;
}

/**
 * A person clicks or opens the latest mail of a template: what the live service makes of it happens now, without the
 * seconds in which it tells people from machines. An opening is known only with consent, then and now (rule C7).
 * Returns the event; null when nothing may be known. Throws UserError when no such mail has been sent by now.
 */
export function arriveHit(run: VirtualRun, contactId: Id, line: TestLine, at: Place): CustomerEvent | null {
  const kind = line.click === undefined ? 'open' : 'click';
  const message = latestMail(run, contactId, line.click ?? line.open!, kind, at);
  const now = run.clock.now();
  const isKnown = !run.world.of(contactId).restricted && run.withPixel.has(message.id) && run.mayTellOpening(message);
  if (kind === 'open' && !isKnown) return null;
  const hit = { id: derivedId(contactId, 'hit', String(line.position)), kind, url: line.url ?? null, at: now } as const;
  run.world.comesBack(message, kind === 'click' ? 'clickedAt' : 'openedAt', now);
  const event = trackedEvent(message, hit, now, run.sequence.next());
  run.world.receive({ kind: 'event', contactId, seq: event.seq, receivedAt: now, event });
  return event;
}

function latestMail(run: VirtualRun, contactId: Id, template: string, kind: 'click' | 'open', at: Place): Message {
  const { messages } = run.world.of(contactId);
  const mails = [...messages.values()].filter(({ status, channel }) => status === 'sent' && channel === 'email');
  const found = mails
    .filter((mail) => mail.template === template)
    .reduce<Message | undefined>((last, mail) => (last && last.settledAt! > mail.settledAt! ? last : mail), undefined);
  if (found !== undefined) return found;
  const sent = [...new Set(mails.map((mail) => mail.template))].join(', ');
  throw new UserError(`a ${kind} has no mail`, [
    {
      ...at,
      code: 'no-such-mail',
      severity: 'error',
      message: `no mail of the template \`${template}\` was sent to the contact by then`,
      hint: sent === '' ? 'nothing was: let it happen later' : `write one of ${sent}, or let it happen later`,
    },
  ]);
}
