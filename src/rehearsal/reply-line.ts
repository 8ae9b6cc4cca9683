import { readWord, sameConsent, STOP, withConsent } from '../consent/index.ts';
import { UserError, type Fault } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { consentsOf, saidEvent } from '../tracking/index.ts';
import { standForAddress } from './stand-for-address.ts';
import type { TestLine } from './test-file.schema.ts';
import type { VirtualRun } from './virtual-run.ts';

/**
 * A person answers a text of a sender: what the live service makes of it (rule C6) happens now, to everybody with the
 * number. Throws UserError when the contact has no number, or nobody can say to which sender it is.
 */
export function arriveReply(run: VirtualRun, contactId: Id, line: TestLine, index: number, file: string): void {
  const phone = run.world.of(contactId).contact?.phone ?? null;
  if (phone === null)
    throw refused(
      { code: 'no-number', message: 'the contact has no phone to write from', hint: 'give it one' },
      index,
      file,
    );
  const sender = senderOf(run, contactId, line, index, file);
  const text = line.reply!;
  const [word, now] = [readWord(text), run.clock.now()];
  const { addresses } = run.world;
  const stop = { channel: 'sms', address: phone, sender, reason: STOP, at: now };
  if (word === 'stop') addresses.suppress(stop);
  const isLifted = word === 'start' && addresses.lift('sms', phone, sender, STOP);
  const people = [...run.world.all()].flatMap(({ contact }) => (contact?.phone === phone ? [contact] : []));
  for (const { id } of people) {
    if (word === 'stop') withdraw(run, id, sender);
    if (isLifted) giveBack(run, id, sender);
    if (word === 'stop' || word === 'start') run.arrive({ kind: 'consent', contactId: id });
    const said = {
      text: { source: 'timeline', providerId: String(index), text },
      word,
      senders: [sender],
      at: now,
      now,
    };
    const event = saidEvent(said, id, null, run.sequence.next());
    run.world.receive({ kind: 'event', contactId: id, seq: event.seq, receivedAt: now, event });
  }
}

function withdraw(run: VirtualRun, contactId: Id, sender: string): void {
  const record = run.world.of(contactId);
  const at = run.clock.now();
  const keys = consentsOf([sender], run.library);
  const taken = record.consents.filter(
    (consent) =>
      (consent.state === 'granted' || consent.state === 'pending') && keys.some((key) => sameConsent(key, consent)),
  );
  for (const consent of taken)
    record.consents = withConsent(record.consents, { ...consent, state: 'withdrawn', at, legalBasis: null });
  const key = `${contactId} ${sender}`;
  run.takenByStop.set(key, [...(run.takenByStop.get(key) ?? []), ...taken]);
}

/** What the STOP took, where nothing was said since. */
function giveBack(run: VirtualRun, contactId: Id, sender: string): void {
  const record = run.world.of(contactId);
  const key = `${contactId} ${sender}`;
  for (const before of run.takenByStop.get(key) ?? []) {
    const state = record.consents.find((consent) => sameConsent(consent, before))?.state;
    if (before.state !== 'granted' || state !== 'withdrawn') continue;
    record.consents = withConsent(record.consents, { ...before, at: run.clock.now() });
    standForAddress(run, contactId, before, false);
  }
  run.takenByStop.delete(key);
}

/** Whom the line names, else the sender of the latest text, else the only one there is. */
function senderOf(run: VirtualRun, contactId: Id, { to }: TestLine, index: number, file: string): string {
  const { senders } = run.library.policy.policy;
  const texting = Object.keys(senders).filter((id) => senders[id]!.sms !== undefined);
  const texts = [...run.world.of(contactId).messages.values()].filter(
    ({ status, channel }) => status === 'sent' && channel === 'sms',
  );
  const last = texts.toSorted((a, b) => a.settledAt! - b.settledAt!).at(-1)?.sender;
  const found = to ?? last ?? (texting.length === 1 ? texting[0] : undefined);
  if (found !== undefined && texting.includes(found)) return found;
  const message =
    to === undefined ? 'nobody can say which sender this answers' : `no sender called \`${to}\` has an \`sms\``;
  const hint = `write to: ${texting.join(' or ') || 'a sender with sms'}`;
  throw refused({ code: 'unknown-sender', message, hint }, index, file);
}

function refused(fault: Pick<Fault, 'code' | 'message' | 'hint'>, index: number, file: string): UserError {
  return new UserError(`the reply at timeline line ${index + 1} cannot be played`, [
    { ...fault, severity: 'error', file },
  ]);
}
