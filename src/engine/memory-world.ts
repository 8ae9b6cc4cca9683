import type { Contact, OwnChoice } from '../contacts/index.ts';
import type { CustomerEvent } from '../events/index.ts';
import type { Message } from '../gate/index.ts';
import { lineAnew, spreadOf, type CompiledScenario } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { AddressBook } from './address-book.ts';
import { addressesOf } from './address.ts';
import { DueQueue } from './due-queue.ts';
import { begunAt } from './inactivity.ts';
import { isLive } from './enrollment.ts';
import { hold, MemoryTick } from './memory-tick.ts';
import { nextExpiry, takeRequests } from './virtual-consent.ts';
import { NOTHING_CAME_BACK, type MessageReturns, type VirtualContact } from './virtual-contact.ts';
import type { WebhookCall } from './webhook-call.ts';
import { roomSequence } from './shared-pressure.ts';
import type { ContactChanges, Due, Enrollment, InboxItem, Tick, TickLimits, Watch, World } from './world.ts';

/** The engine's world in memory: for `test`, `rehearse` and `forecast`, under a virtual clock. */
export class MemoryWorld implements World {
  /** What stands against addresses, whoever has them. */
  readonly addresses = new AddressBook();
  private readonly contacts = new Map<Id, VirtualContact>();
  private readonly queue = new DueQueue();
  /** Passed the gate and not handed over yet, in that order. */
  private readonly ready = new Map<Id, Id>();
  private readonly outcomes = new Map<Id, Id>();
  /** The contacts that had an address when a message was judged for them, or that came with a past. */
  private readonly holders = new Map<Id, Set<Id>>();
  /** Places in the lines of scenarios that let in so many a day of those whose time had passed. */
  private readonly lines = new Map<string, { since: Instant; taken: number }>();
  /** Calls to be made, in the order in which they were planned. */
  private readonly callable = new Map<Id, Id>();

  async tick(now: Instant, limits: TickLimits, decide: (tick: Tick) => Promise<ContactChanges[]>): Promise<number> {
    const ids = this.queue.take(now, limits.items);
    if (ids.length === 0) return 0;
    const due = ids.map((contactId): Due => ({
      contactId,
      inbox: this.of(contactId).inbox.splice(0),
      clockUntil: now,
    }));
    const changes = await decide(new MemoryTick(due, this.contacts, this.addresses, this.holders, this.lines));
    for (const each of changes) this.apply(each, now);
    for (const { roomFor } of changes) for (const contactId of roomFor) this.tellOfRoom(contactId, now);
    for (const contactId of ids) this.schedule(contactId);
    return due.length;
  }

  nextDue(): Promise<Instant | null> {
    return Promise.resolve(this.queue.next());
  }

  /** The contact's record, made when first asked for. */
  of(contactId: Id): VirtualContact {
    let found = this.contacts.get(contactId);
    if (found === undefined) {
      found = {
        contact: null,
        enrollments: new Map(),
        watches: new Map(),
        messages: new Map(),
        calls: new Map(),
        decisions: [],
        consents: [],
        suppressions: [],
        ownLimits: null,
        restricted: false,
        language: null,
        events: [],
        inbox: [],
        earlierSends: [],
        earlierSpent: [],
        earlierMessages: [],
        returns: new Map(),
      };
      this.contacts.set(contactId, found);
    }
    return found;
  }

  /** What a contact chooses of its own limits and language; undefined leaves as it was. Whoever says so tells the engine, too. */
  choose(contactId: Id, { maxPerWeek, pauseUntil, language }: Partial<OwnChoice>): void {
    const record = this.of(contactId);
    if (record.contact === null) return;
    const { ownLimits: before } = record;
    record.ownLimits = {
      maxPerWeek: maxPerWeek === undefined ? (before?.maxPerWeek ?? null) : maxPerWeek,
      pauseUntil: pauseUntil === undefined ? (before?.pauseUntil ?? null) : pauseUntil,
    };
    if (language !== undefined) record.language = language;
    record.contact = inLanguage(record.contact, record.language);
  }

  all(): Iterable<VirtualContact> {
    return this.contacts.values();
  }

  /** Something arrived; an event is stored too. */
  receive(item: InboxItem): void {
    const contact = this.of(item.contactId);
    contact.inbox.push(item);
    if (item.kind === 'event') keep(contact, item.event);
    this.schedule(item.contactId);
  }

  /** From now on nothing of this contact's is due, until the lift. */
  restrict(contactId: Id): void {
    const record = this.of(contactId);
    record.restricted = true;
    record.inbox = record.inbox.filter(({ kind }) => kind !== 'lifted');
    this.schedule(contactId);
  }

  /** The restriction is lifted: what arrived and fell due meanwhile is, now. */
  lift(contactId: Id, seq: number, at: Instant): void {
    const record = this.of(contactId);
    if (!record.restricted) return;
    record.restricted = false;
    this.receive({ kind: 'lifted', contactId, seq, receivedAt: at });
  }

  /** An event that no machine could be moved by: it is stored, and the engine need not look. */
  store(event: CustomerEvent): void {
    keep(this.of(event.contactId), event);
  }

  /** Puts a contact there as if it had long been known, with its watches. */
  place(contact: Contact, watches: readonly Watch[]): void {
    const record = this.of(contact.id);
    record.contact = contact;
    for (const address of addressesOf(contact)) hold(this.holders, address.id, contact.id);
    for (const watch of watches) record.watches.set(watch.scenarioId, watch);
    this.schedule(contact.id);
  }

  /** A scenario was published: every contact's watch of it is looked at now, as a publication does in the database. */
  watchAgain(scenario: CompiledScenario, now: Instant): void {
    const { id: scenarioId, definition } = scenario;
    const { trigger } = definition;
    const mark = begunAt(scenario, now);
    // Those who are there are lined up anew; what was let in today has its places of today.
    const line = this.lines.get(scenarioId);
    const perDay = trigger.kind === 'inactivity' ? spreadOf(trigger.existing) : null;
    if (line !== undefined && perDay !== null) this.lines.set(scenarioId, lineAnew(line, perDay, now));
    for (const [contactId, { contact, watches }] of this.contacts) {
      if (contact === null) continue;
      const { inside: _inside, existing: _existing, ...fired } = watches.get(scenarioId)?.fired ?? {};
      watches.set(scenarioId, { contactId, scenarioId, fired: { ...fired, ...mark }, dueAt: now });
      this.schedule(contactId);
    }
  }

  /** The contacts who are inside a scenario, whatever its version. */
  inside(scenarioId: string): Id[] {
    const isInside = (each: Enrollment): boolean => each.scenarioId === scenarioId && isLive(each);
    return [...this.contacts]
      .filter(([, { enrollments }]) => [...enrollments.values()].some(isInside))
      .map(([id]) => id);
  }

  /** Takes out what waits for hand-over, in the order in which it passed the gate. */
  takeReady(): Message[] {
    const messages = [...this.ready].map(([id, contactId]) => this.of(contactId).messages.get(id)!);
    this.ready.clear();
    return messages;
  }

  /** Messages with an outcome, in the order in which they were settled. */
  settledMessages(): Message[] {
    return [...this.outcomes]
      .map(([id, contactId]) => this.of(contactId).messages.get(id)!)
      .filter(({ settledAt }) => settledAt !== null);
  }

  /**
   * Records an outcome and tells the engine. `seq` orders the news among what else arrives. As the dispatcher has it, only
   * what never left gives its room back (rule P6): `failed` is a provider's refusal for good.
   */
  settle(
    message: Message,
    outcome: 'sent' | 'blocked' | 'failed',
    at: Instant,
    seq: number,
    why?: Partial<Pick<Message, 'gate' | 'reason' | 'parts'>>,
  ): void {
    const countedAt = outcome === 'blocked' || message.countedAt === null ? null : at;
    const settled: Message = { ...message, ...why, status: outcome, settledAt: at, countedAt };
    this.of(message.contactId).messages.set(message.id, settled);
    this.outcomes.set(message.id, message.contactId);
    const { contactId, id: messageId, enrollmentId, step } = message;
    this.receive({ kind: 'settled', contactId, seq, receivedAt: at, messageId, enrollmentId, step, outcome });
  }

  /** A message that has more parts than it took room for gives its room back, and is judged again. */
  sendBack(message: Message, parts: number, now: Instant): void {
    const held: Message = { ...message, status: 'held', dueAt: now, countedAt: null, holdsUntil: null, parts };
    this.of(message.contactId).messages.set(message.id, held);
    this.schedule(message.contactId);
  }

  /** Something came of a message that was sent; what came first stays. Whoever says so tells the engine, too. */
  comesBack({ id, contactId }: Pick<Message, 'id' | 'contactId'>, what: keyof MessageReturns, at: Instant): void {
    const { returns } = this.of(contactId);
    const known = returns.get(id) ?? NOTHING_CAME_BACK;
    returns.set(id, { ...known, [what]: Math.min(known[what] ?? at, at) });
  }

  /** Takes out the calls to be made, in the order in which they were planned. */
  takeCalls(): WebhookCall[] {
    const calls = [...this.callable].map(([id, contactId]) => this.of(contactId).calls.get(id)!);
    this.callable.clear();
    return calls;
  }

  /** Records what came of a call and tells the engine. */
  settleCall(call: WebhookCall, outcome: 'done' | 'failed', at: Instant, seq: number): void {
    const { id: callId, contactId, enrollmentId, step } = call;
    const settled = { ...call, status: outcome, attempts: call.attempts + 1, settledAt: at };
    this.of(contactId).calls.set(callId, settled);
    this.receive({ kind: 'called', contactId, seq, receivedAt: at, callId, enrollmentId, step, outcome });
  }

  /** Whoever pressure holds something for is told of room that somebody with its address gave back. */
  private tellOfRoom(contactId: Id, now: Instant): void {
    const { messages } = this.of(contactId);
    if ([...messages.values()].some(({ status, gate }) => status === 'held' && gate === 'pressure'))
      this.receive({ kind: 'room', contactId, seq: roomSequence(now), receivedAt: now });
  }

  private apply(changes: ContactChanges, now: Instant): void {
    const record = this.of(changes.contactId);
    if (changes.contact !== null) record.contact = inLanguage(changes.contact, record.language);
    for (const enrollment of changes.enrollments) record.enrollments.set(enrollment.id, enrollment);
    for (const watch of changes.watches) record.watches.set(watch.scenarioId, watch);
    for (const message of changes.messages) {
      record.messages.set(message.id, message);
      if (message.status === 'ready') this.ready.set(message.id, message.contactId);
      else this.ready.delete(message.id);
      // Passed, and called back before its hand-over.
      if (message.status === 'held') this.outcomes.delete(message.id);
      // Hand-over is at the instant at which the gate passes a message, so its place is taken here.
      if (message.status === 'ready' || message.settledAt !== null) this.outcomes.set(message.id, message.contactId);
    }
    record.decisions.push(...changes.decisions);
    for (const call of changes.calls) this.putCall(record, call);
    for (const { id, reason, at } of changes.cancelledCalls) {
      const call = record.calls.get(id);
      if (call?.status === 'ready')
        this.putCall(record, { ...call, status: 'cancelled', error: reason, settledAt: at });
    }
    for (const event of changes.events) keep(record, event);
    record.suppressions.push(...changes.suppressions);
    takeRequests(record, changes, now);
  }

  private putCall(record: VirtualContact, call: WebhookCall): void {
    record.calls.set(call.id, call);
    if (call.status === 'ready') this.callable.set(call.id, call.contactId);
    else this.callable.delete(call.id);
  }

  private schedule(contactId: Id): void {
    const record = this.of(contactId);
    if (record.restricted) return this.queue.set(contactId, null);
    let next = Math.min(record.inbox[0]?.receivedAt ?? Number.POSITIVE_INFINITY, nextExpiry(record));
    for (const { dueAt } of record.enrollments.values()) if (dueAt !== null && dueAt < next) next = dueAt;
    for (const { dueAt } of record.watches.values()) if (dueAt !== null && dueAt < next) next = dueAt;
    for (const { status, dueAt } of record.messages.values()) if (status === 'held' && dueAt < next) next = dueAt;
    this.queue.set(contactId, next === Number.POSITIVE_INFINITY ? null : next);
  }
}

/** As the database keeps it: a chosen language is the locale. */
function inLanguage(contact: Contact | null, language: string | null): Contact | null {
  return contact === null || language === null ? contact : { ...contact, locale: language };
}

function keep(record: VirtualContact, event: CustomerEvent): void {
  const before = record.events.at(-1);
  record.events.push(event);
  if (before !== undefined && before.at > event.at) record.events.sort((a, b) => a.at - b.at);
}
