import { RetryableDatabaseError, type Session } from '../database/index.ts';
import type { Gate, Message } from '../gate/index.ts';
import type { Library } from '../scenarios/index.ts';
import type { Clock } from '../shared/clock.ts';
import { sendingDomain } from './breakers/sending-domain.ts';
import type { Composer } from './composer.ts';
import type { Outgoing } from './deliver.service.ts';
import { lastLook } from './last-look.ts';
import { loadHandOver, type Person } from './load-hand-over.store.ts';
import { backToTheGate, outgrown, refusedOutcome } from './outcome.ts';
import { outgrows, partsOf } from './parts.ts';
import { untouched, type Settled } from './settle.store.ts';

/** A message that may leave, rendered. */
export type Leaving = Outgoing & Pick<Settled, 'domain' | 'soft'>;

/** What the last look comes to. */
export interface Prepared {
  leaving: Leaving[];
  settled: Settled[];
}

/**
 * The last look at messages whose contacts the session has locked, and each as it will leave: nothing is handed over
 * before all are through. What cannot be told at this moment is in neither list, and stays as it is.
 */
export async function prepare(
  session: Session,
  messages: readonly Message[],
  library: Library,
  { composer, clock }: { composer: Composer; clock: Clock },
): Promise<Prepared> {
  const prepared: Prepared = { leaving: [], settled: [] };
  if (messages.length === 0) return prepared;
  const people = await loadHandOver(session, messages, library.policy, clock.now());
  const looked = await Promise.all(
    messages.map((message) => lookAt(message, people.get(message.id), library, composer, clock)),
  );
  for (const one of looked) {
    if (one === null) continue;
    if ('outgoing' in one) prepared.leaving.push(one);
    else prepared.settled.push(one);
  }
  return prepared;
}

async function lookAt(
  message: Message,
  person: Person | undefined,
  { policy }: Library,
  composer: Composer,
  clock: Clock,
): Promise<Leaving | Settled | null> {
  if (person?.contested === true) return null;
  const now = clock.now();
  const look = lastLook(message, person?.facts ?? null, policy, now, person);
  const refused = (gate: Gate, reason: string): Settled => ({
    ...untouched(message),
    outcome: refusedOutcome(message, gate, reason, now),
    policyVersion: policy.version,
  });
  if (look.kind === 'back') return { ...untouched(message), outcome: backToTheGate(message, now) };
  if (look.kind === 'refused') return refused(look.gate, look.reason);
  try {
    const outgoing = await composer.compose(message, person!, policy.policy);
    const parts = partsOf(outgoing);
    if (outgrows(message, parts, policy.policy))
      return { ...untouched(message), outcome: outgrown(message, parts, now) };
    const domain = sendingDomain(message, policy.policy);
    const soft = { mark: composer.markOf(look.address), ...policy.compiled.softBounces };
    return { message: { ...message, parts }, address: look.address, domain, soft, outgoing };
  } catch (error) {
    // A template version that could not be loaded is no fault of the message's.
    if (error instanceof RetryableDatabaseError) throw error;
    return refused('template', error instanceof Error ? error.message : String(error));
  }
}
