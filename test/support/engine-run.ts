import type { ConsentState } from '../../src/consent/index.ts';
import type { Contact, OwnChoice } from '../../src/contacts/index.ts';
import {
  tick,
  type ConsentWord,
  type Enrollment,
  type InboxItem,
  type TickLimits,
  type WebhookCall,
  type Watch,
  type World,
} from '../../src/engine/index.ts';
import type { CustomerEvent } from '../../src/events/index.ts';
import type { Decision, Message } from '../../src/gate/index.ts';
import type { Library, StepMap } from '../../src/scenarios/index.ts';
import { VirtualClock, type Instant } from '../../src/shared/clock.ts';
import { contactIdOf, derivedId, type Id } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';

/** All that is kept of one contact, in an order that does not depend on the world. */
export interface Kept {
  contact: Contact | null;
  enrollments: Enrollment[];
  watches: Watch[];
  messages: Message[];
  decisions: Decision[];
  calls: WebhookCall[];
  consents: ConsentState[];
}

/** `failed` is refused for good by the provider, `blocked` before that, at the dispatcher's last look. */
export type Outcome = 'sent' | 'failed' | 'blocked';
export type CallOutcome = 'done' | 'failed';
type Arrival = InboxItem extends infer Item
  ? Item extends InboxItem
    ? Omit<Item, 'seq' | 'receivedAt'>
    : never
  : never;

const MOST_TICKS = 5_000;

/** Consents as both worlds have them: what is not known is absent. */
export function keptConsents(states: readonly ConsentState[]): ConsentState[] {
  const key = ({ channel, purpose, brand }: ConsentState): string => `${channel} ${purpose} ${brand ?? ''}`;
  return states
    .map(
      (state) =>
        Object.fromEntries(
          Object.entries(state).filter(([name, value]) => (value ?? null) !== null && name !== 'contactId'),
        ) as unknown as ConsentState,
    )
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/**
 * The engine's loop on a virtual clock, in either world: whatever a test does to one it can do to the other. Unlike
 * the rehearsal's, it empties the inbox before it hands anything over, so that the size of a tick plays no part.
 */
export abstract class EngineRun {
  readonly clock: VirtualClock;
  readonly sequence: Sequence;
  limits: TickLimits = { items: 1_000, lanes: 64 };
  /** What comes of a hand-over. */
  handOver: (message: Message) => Outcome = () => 'sent';
  /** What the receivers of `webhook` steps' calls answer. */
  answerCall: (call: WebhookCall) => CallOutcome = () => 'done';
  private events = 0;

  constructor(
    readonly world: World,
    public library: Library,
    start: Instant,
  ) {
    this.clock = new VirtualClock(start);
    this.sequence = new Sequence(this.clock);
  }

  abstract kept(contactId: Id): Promise<Kept>;
  /** A publication has every contact's watch of the scenario looked at. */
  abstract watchAgain(scenarioId: string): Promise<void>;
  protected abstract store(item: InboxItem): Promise<void>;
  /** Told as a backend does, by the library's policy; the engine is told of it. */
  protected abstract writeConsent(contactId: Id, word: ConsentWord): Promise<void>;
  /** By the link of the latest mail that asked for it, if one was sent. */
  protected abstract writeConfirmation(contactId: Id, channel: string, purpose: string): Promise<void>;
  protected abstract writeObjection(contactId: Id): Promise<void>;
  /** What the number of a contact, if it has one, says to a sender: it holds for everybody with that number. */
  protected abstract writeStop(contactId: Id, sender: string): Promise<void>;
  abstract restrict(user: string): Promise<void>;
  abstract lift(user: string): Promise<void>;
  protected abstract writeChoice(contactId: Id, choice: Partial<OwnChoice>): Promise<void>;
  protected abstract takeReady(): Promise<Message[]>;
  protected abstract writeOutcome(message: Message, outcome: Outcome): Promise<void>;
  /** What a hit leaves on a message; the latest mail of the template that was sent, or null. */
  protected abstract writeHit(contactId: Id, template: string, column: 'clickedAt' | 'openedAt'): Promise<Id | null>;
  protected abstract takeCalls(): Promise<WebhookCall[]>;
  protected abstract writeCallOutcome(call: WebhookCall, outcome: CallOutcome): Promise<void>;

  of(user: string): Promise<Kept> {
    return this.kept(contactIdOf(user));
  }

  track(
    user: string,
    name: string,
    properties: Record<string, unknown> = {},
    fields: Partial<CustomerEvent> = {},
  ): Promise<void> {
    const contactId = contactIdOf(user);
    const now = this.clock.now();
    const seq = this.sequence.next();
    const event: CustomerEvent = {
      id: derivedId(contactId, 'event', ++this.events),
      contactId,
      userId: user,
      seq,
      type: 'track',
      name,
      at: now,
      receivedAt: now,
      properties,
      historical: false,
      active: true,
      ...fields,
    };
    return this.store({ kind: 'event', contactId, seq, receivedAt: now, event });
  }

  identify(user: string, traits: Record<string, unknown>): Promise<void> {
    return this.track(user, 'Identified', traits, { type: 'identify' });
  }

  consent(
    user: string,
    action: ConsentWord['action'],
    channel = 'email',
    purpose = 'newsletter',
    legalBasis: ConsentWord['legalBasis'] = null,
    brand: string | null = null,
  ): Promise<void> {
    const word = { channel, purpose, brand, action, at: this.clock.now(), legalBasis };
    return this.writeConsent(contactIdOf(user), word);
  }

  confirm(user: string, channel = 'email', purpose = 'newsletter'): Promise<void> {
    return this.writeConfirmation(contactIdOf(user), channel, purpose);
  }

  /** A person clicks or opens the latest mail of a template, if one was sent. */
  async hit(user: string, kind: 'click' | 'open', template: string): Promise<void> {
    const messageId = await this.writeHit(contactIdOf(user), template, kind === 'click' ? 'clickedAt' : 'openedAt');
    const name = kind === 'click' ? 'Email Link Clicked' : 'Email Opened';
    if (messageId !== null) await this.track(user, name, { messageId, template }, { active: kind === 'click' });
  }

  /** What somebody who is known chooses in the preference centre. */
  async choose(user: string, choice: Partial<OwnChoice>): Promise<void> {
    await this.writeChoice(contactIdOf(user), choice);
    await this.arrive({ kind: 'preferences', contactId: contactIdOf(user) });
  }

  /** An objection to direct marketing. */
  async object(user: string): Promise<void> {
    await this.writeObjection(contactIdOf(user));
    await this.arrive({ kind: 'objection', contactId: contactIdOf(user) });
  }

  /** A person answers STOP to a sender. */
  async stop(user: string, sender = 'brand'): Promise<void> {
    await this.writeStop(contactIdOf(user), sender);
    await this.arrive({ kind: 'consent', contactId: contactIdOf(user) });
  }

  enrol(user: string, scenarioId: string, properties: Record<string, unknown> = {}): Promise<void> {
    return this.arrive({ kind: 'enrol', contactId: contactIdOf(user), scenarioId, properties });
  }

  /** A publication that does not let whoever is inside finish, as far as it concerns one contact. */
  replace(
    user: string,
    inFlight: 'migrate' | 'stop',
    version: number | null,
    scenarioId = 'trial',
    map?: StepMap,
  ): Promise<void> {
    return this.arrive({ kind: 'replace', contactId: contactIdOf(user), scenarioId, version, inFlight, map });
  }

  /** Lets happen all that is due before `until`, and moves the clock there. */
  async runUntil(until: Instant): Promise<void> {
    for (;;) {
      const next = await this.world.nextDue();
      if (next === null || next >= until) break;
      this.clock.moveTo(next);
      await this.settleInstant();
    }
    this.clock.moveTo(until);
  }

  /** Does all that is due now, hand-overs and what follows from them included. */
  async settleInstant(): Promise<void> {
    for (let ticks = 0; ticks < MOST_TICKS; ticks++) {
      if ((await this.tick()) > 0) continue;
      const ready = (await this.takeReady()).sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
      for (const message of ready) await this.writeOutcome(message, this.handOver(message));
      const calls = (await this.takeCalls()).sort((a, b) => (a.id < b.id ? -1 : 1));
      for (const call of calls) await this.writeCallOutcome(call, this.answerCall(call));
      if (ready.length === 0 && calls.length === 0) return;
    }
    throw new Error(`more than ${MOST_TICKS} ticks at one instant`);
  }

  tick(): Promise<number> {
    return tick(this.world, this.library, this.clock.now(), this.limits);
  }

  protected arrive(item: Arrival): Promise<void> {
    return this.store({ ...item, seq: this.sequence.next(), receivedAt: this.clock.now() } as InboxItem);
  }
}
