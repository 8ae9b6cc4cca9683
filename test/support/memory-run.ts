import { STOP } from '../../src/consent/index.ts';
import type { OwnChoice } from '../../src/contacts/index.ts';
import {
  confirmConsent,
  MemoryWorld,
  tellConsent,
  type ConsentWord,
  type InboxItem,
  type WebhookCall,
} from '../../src/engine/index.ts';
import type { Message } from '../../src/gate/index.ts';
import type { Library } from '../../src/scenarios/index.ts';
import type { Instant } from '../../src/shared/clock.ts';
import { contactIdOf, type Id } from '../../src/shared/ids.ts';
import { EngineRun, keptConsents, type CallOutcome, type Kept, type Outcome } from './engine-run.ts';

/** The engine in memory. */
export class MemoryRun extends EngineRun {
  constructor(
    library: Library,
    start: Instant,
    readonly memory = new MemoryWorld(),
  ) {
    super(memory, library, start);
  }

  override kept(contactId: Id): Promise<Kept> {
    const { contact, enrollments, watches, messages, decisions, calls, consents } = this.memory.of(contactId);
    return Promise.resolve({
      contact,
      enrollments: [...enrollments.values()].sort(byId),
      watches: [...watches.values()].sort((a, b) => (a.scenarioId < b.scenarioId ? -1 : 1)),
      messages: [...messages.values()].sort(byId),
      calls: [...calls.values()].sort(byId),
      consents: keptConsents(consents),
      decisions: [...decisions].sort((a, b) =>
        a.messageId === b.messageId ? a.ordinal - b.ordinal : a.messageId < b.messageId ? -1 : 1,
      ),
    });
  }

  override watchAgain(scenarioId: string): Promise<void> {
    this.memory.watchAgain(
      this.library.live.find(({ id }) => id === scenarioId)!,
      this.clock.now(),
    );
    return Promise.resolve();
  }

  protected override store(item: InboxItem): Promise<void> {
    this.memory.receive(item);
    return Promise.resolve();
  }

  protected override writeConsent(contactId: Id, word: ConsentWord): Promise<void> {
    tellConsent(this.memory.of(contactId), word, this.library.policy.compiled.doubleOptIn, this.clock.now());
    return this.arrive({ kind: 'consent', contactId });
  }

  protected override async writeConfirmation(contactId: Id, channel: string, purpose: string): Promise<void> {
    const now = this.clock.now();
    const stood = confirmConsent(this.memory.of(contactId), contactId, { channel, purpose }, now);
    if (stood === 'open') await this.arrive({ kind: 'consent', contactId });
  }

  protected override writeObjection(contactId: Id): Promise<void> {
    const { suppressions } = this.memory.of(contactId);
    suppressions.push({ channel: '*', address: null, reason: 'objection', at: this.clock.now() });
    return Promise.resolve();
  }

  protected override writeStop(contactId: Id, sender: string): Promise<void> {
    const phone = this.memory.of(contactId).contact?.phone ?? null;
    const stop = { channel: 'sms', sender, reason: STOP, at: this.clock.now() };
    if (phone !== null) this.memory.addresses.suppress({ ...stop, address: phone });
    return Promise.resolve();
  }

  override restrict(user: string): Promise<void> {
    this.memory.restrict(contactIdOf(user));
    return Promise.resolve();
  }

  override lift(user: string): Promise<void> {
    this.memory.lift(contactIdOf(user), this.sequence.next(), this.clock.now());
    return Promise.resolve();
  }

  protected override writeChoice(contactId: Id, choice: Partial<OwnChoice>): Promise<void> {
    this.memory.choose(contactId, choice);
    return Promise.resolve();
  }

  protected override takeReady(): Promise<Message[]> {
    return Promise.resolve(this.memory.takeReady());
  }

  protected override writeOutcome(message: Message, outcome: Outcome): Promise<void> {
    this.memory.settle(message, outcome, this.clock.now(), this.sequence.next());
    return Promise.resolve();
  }

  protected override writeHit(contactId: Id, template: string, column: 'clickedAt' | 'openedAt'): Promise<Id | null> {
    const [message] = [...this.memory.of(contactId).messages.values()]
      .filter((each) => each.template === template && each.status === 'sent')
      .sort((a, b) => b.settledAt! - a.settledAt! || byId(a, b));
    if (message !== undefined) this.memory.comesBack(message, column, this.clock.now());
    return Promise.resolve(message?.id ?? null);
  }

  protected override takeCalls(): Promise<WebhookCall[]> {
    return Promise.resolve(this.memory.takeCalls());
  }

  protected override writeCallOutcome(call: WebhookCall, outcome: CallOutcome): Promise<void> {
    this.memory.settleCall(call, outcome, this.clock.now(), this.sequence.next());
    return Promise.resolve();
  }
}

const byId = (a: { id: Id }, b: { id: Id }): number => (a.id < b.id ? -1 : 1);
