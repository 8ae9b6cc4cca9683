import type { DeliveryOutcome } from '../channels/index.ts';
import { suppressDead } from '../consent/index.ts';
import { runRows, type Sql } from '../database/index.ts';
import { writeDecisions } from '../engine/index.ts';
import { insertInbox } from '../events/index.ts';
import type { Decision, Message } from '../gate/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { laneOf } from '../shared/ids.ts';
import type { Sequence } from '../shared/sequence.ts';
import { countDeliveries } from './breakers/delivery-count.store.ts';
import { notBegun, PAUSE, type Outcome } from './outcome.ts';
import { pauseChannel } from './pause.store.ts';
import { countSoft, type SoftBounce, type SoftLimit } from './soft-bounces.store.ts';
import { settleMessages } from './sql/settle-messages.ts';

/** One message with what became of it, and how. */
export interface Settled {
  /** As it was when its exchange began, or when it was refused at the last look. */
  message: Message;
  from: 'handing' | 'ready';
  /** The batch by which it had begun; absent where another settles it. */
  token?: number;
  outcome: Outcome;
  /** What the provider said; null when it was not asked. */
  delivery: DeliveryOutcome | null;
  /** Where it went; null when it went nowhere. */
  address: string | null;
  /** What its breaker goes by (`sendingDomain`); null for what went nowhere. */
  domain: string | null;
  /** By which a soft bounce is counted; absent when nothing was handed over. */
  soft?: SoftLimit;
  /** Of the policy by which it was refused; null when it was not. */
  policyVersion: number | null;
}

/** Looked at, and nothing done with it. */
export function untouched(message: Message): Settled {
  const outcome = { ...notBegun(message), attempts: message.attempts };
  return { message, from: 'ready', outcome, delivery: null, address: null, domain: null, policyVersion: null };
}

/**
 * Writes how hand-overs ended, and tells whoever has to know: of those messages that are still as they were left, each once.
 * What another process has made of them meanwhile stays, except where it took us for dead and the provider had answered.
 */
export async function settle(sql: Sql, ended: readonly Settled[], sequence: Sequence, now: Instant): Promise<void> {
  if (ended.length === 0) return;
  const rows = ended.map(({ message, from, token, outcome, policyVersion }) => ({
    ...outcome,
    ...keyOf(message),
    from,
    token: token ?? null,
    attempt: message.attempts,
    judgedBefore: message.judged,
    judged: message.judged + (policyVersion === null ? 0 : 1),
  }));
  const was = new Map((await sql.run(settleMessages, [JSON.stringify(rows)])).map((row) => [row.id, row.was]));
  const settled = ended.filter(({ message }) => was.has(message.id));
  const refusals = settled.flatMap((one) =>
    one.policyVersion === null ? [] : [refusalOf(one, one.policyVersion, now)],
  );
  await runRows(sql, writeDecisions, refusals);
  await insertInbox(
    sql,
    settled
      // Its machine was told that it is unknown, and has moved on.
      .filter(({ message, outcome }) => outcome.settledAt !== null && was.get(message.id) !== 'unknown')
      .map(({ message: { id, contactId, enrollmentId, step }, outcome }) => ({
        contactId,
        seq: sequence.next(),
        receivedAt: now,
        kind: 'settled',
        body: { messageId: id, enrollmentId, step, outcome: outcome.status },
      })),
  );
  await suppressDead(sql, deadOf(settled), now);
  await countSoft(sql, settled.flatMap(softOf), now);
  await countDeliveries(sql, settled.map(countOf), now);
  await pauseFaulty(sql, settled, now);
}

function keyOf({ id, plannedAt }: Message): { lane: number; month: string; id: string } {
  return { lane: laneOf(id), month: monthOf(plannedAt), id };
}

/** The record of a refusal at the last look: a judgement like the gate's (rule D6). */
function refusalOf(
  { message, outcome: { gate, reason } }: Settled,
  policyVersion: number,
  at: Instant,
): Decision & { month: string } {
  return {
    month: monthOf(message.plannedAt),
    messageId: message.id,
    contactId: message.contactId,
    ordinal: message.judged + 1,
    at,
    verdict: 'block',
    gate,
    reason,
    rule: null,
    until: null,
    policyVersion,
    gates: gate === null ? [] : [{ gate, passed: false, reason: reason ?? undefined }],
  };
}

/** What a hand-over adds to the counts of its sending domain; a second try is still to come for what is retried. Of texts, failures alone. */
function countOf({ domain, message, delivery, outcome }: Settled): Parameters<typeof countDeliveries>[1][number] {
  if (delivery === null || outcome.settledAt === null) return { domain: null };
  const dead = delivery.kind === 'failed' && delivery.suppress;
  return {
    domain,
    handed: 1,
    bounced: dead && message.channel === 'email' ? 1 : 0,
    failed: delivery.kind !== 'sent' && !dead ? 1 : 0,
  };
}

/** A full mailbox, or what nobody understands: when the message has ended by it, and not while it is tried again (rule D10). */
function softOf({ message, outcome, delivery, address, soft }: Settled): SoftBounce[] {
  if (delivery === null || !('soft' in delivery) || delivery.soft === undefined) return [];
  if (outcome.settledAt === null || address === null || soft === undefined) return [];
  return [
    { message, address, ...soft, kind: delivery.soft.meaning, status: delivery.soft.status, reason: delivery.reason },
  ];
}

/** A dead address is suppressed, on its channel only (rule D10, law L20). */
function deadOf(settled: readonly Settled[]): Parameters<typeof suppressDead>[1] {
  return settled.flatMap(({ delivery, address, message: { channel } }) =>
    delivery?.kind === 'failed' && delivery.suppress && address !== null
      ? [{ channel, address, reason: 'hard-bounce' as const }]
      : [],
  );
}

/** A fault of the sender pauses its channel and suppresses nobody (rule D10, law L20). */
async function pauseFaulty(sql: Sql, settled: readonly Settled[], now: Instant): Promise<void> {
  const faults = new Map(
    settled.flatMap(({ message, delivery }) =>
      delivery?.kind === 'sender-fault' ? [[message.channel, delivery.reason] as const] : [],
    ),
  );
  for (const [channel, reason] of faults) await pauseChannel(sql, { channel, reason, until: now + PAUSE }, now);
}
