import type { Facts, PastEvent } from '../audience/index.ts';
import { contactZone } from '../calendar/index.ts';
import { OBJECTION } from '../consent/index.ts';
import { applyTraits, newContact, type Contact } from '../contacts/index.ts';
import type { CustomerEvent } from '../events/index.ts';
import { isDirectMarketing, type JudgeFacts } from '../gate/index.ts';
import type {
  CompiledScenario,
  Effect,
  EntryEvent,
  Library,
  StepContext,
  StepInput,
  StepResult,
} from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { ConsentDesk } from './consent-desk.ts';
import { dateWaitedFor, MovedDates } from './date-waits.ts';
import { inHoldout, inStep, isLive, keyOf, mayEnter, newEnrollment } from './enrollment.ts';
import { FollowUps } from './follow-ups.ts';
import { asksInARow } from './in-a-row.ts';
import { MessageDesk, type Surroundings } from './message-desk.ts';
import { passages, timedSends } from './plans.ts';
import { planMessage } from './plan-message.ts';
import { inactivityTrigger } from './inactivity.ts';
import { newWatches, rescheduled } from './watches.ts';
import { WebhookDesk } from './webhook-desk.ts';
import type { ContactChanges, ContactState, Enrollment, History, Watch } from './world.ts';

/** Inputs one machine may take at one instant; more is a runaway, and its enrollment is stopped. */
const MOST_STEPS = 1_000;

/** A working copy of one contact's state during a tick, and the record of what changed. No I/O. */
export class ContactRun {
  contact: Contact | null;
  readonly enrollments: Enrollment[];
  readonly watches: Map<string, Watch>;
  /** Its messages: planned, judged, cancelled. */
  readonly desk: MessageDesk;
  /** What it has consented to, and what is asked for. */
  readonly consent: ConsentDesk;
  /** Its calls to other systems. */
  readonly calls: WebhookDesk;
  /** What `emit` and `enrol` steps asked for and was not done yet. */
  readonly followUps = new FollowUps();
  /** Events made by `emit` steps whose turn has come, oldest first. */
  readonly emitted: CustomerEvent[] = [];
  /** When the task at hand became due. */
  cause: Instant;
  /** The last arrival taken, whatever the instant at hand: by it audiences are looked at. */
  takenUpTo = 0;
  /** Events with a higher `seq` have not arrived yet, as far as the task at hand is concerned. */
  knownUpTo = 0;
  /** The lift of its restriction has been taken note of. */
  lifted = false;

  private readonly changedEnrollments = new Set<string>();
  private readonly changedWatches = new Set<string>();
  private contactChanged = false;
  private readonly movedDates = new MovedDates();
  /** Inputs taken at the instant at hand, by enrollment. */
  private readonly steps = new Map<string, number>();

  constructor(
    private readonly state: ContactState,
    readonly library: Library,
    private readonly history: History,
    readonly now: Instant,
  ) {
    this.contact = state.contact;
    this.enrollments = [...state.enrollments];
    this.watches = new Map(state.watches.map((watch) => [watch.scenarioId, watch]));
    this.consent = new ConsentDesk(state.consents, library, now);
    this.desk = new MessageDesk(state, library.policy, now);
    this.calls = new WebhookDesk(now);
    this.cause = now;
  }

  /** Begins what happened at `cause`, when no event with a higher `seq` than this had arrived. */
  begin(knownUpTo: number): void {
    this.knownUpTo = knownUpTo;
    this.steps.clear();
    this.followUps.begin();
  }

  get zone(): string {
    const { policy } = this.library.policy;
    return this.contact === null ? policy.timezone : contactZone(this.contact, policy.timezone);
  }

  /** The contact, created on the first thing heard of it, with a watch for every trigger that has them. */
  ensureContact(userId: string | null, at: Instant): Contact {
    if (this.contact === null) {
      this.contact = newContact(this.state.contactId, userId, at);
      this.contactChanged = true;
      for (const watch of newWatches(this.contact, this.library, this.cause)) this.putWatch(watch);
    }
    return this.contact;
  }

  /**
   * Traits from an `identify` or a `set` step; what hangs on a date of the contact is rescheduled, seen from when they
   * came and not from when they are taken note of: a birthday in between is not lost.
   */
  setTraits(traits: Record<string, unknown>): void {
    const before = this.contact;
    if (before === null) return;
    const after = applyTraits(before, traits, this.library.policy.policy.timezone);
    if (after === before) return;
    this.contact = after;
    this.contactChanged = true;
    this.desk.reconsiderAfter({ before, after, consents: this.consent.consents });
    const sameClock =
      before.createdAt === after.createdAt && before.timezone === after.timezone && before.country === after.country;
    for (const scenario of this.library.live) {
      const watch = this.watches.get(scenario.id);
      if (watch === undefined || (sameClock && inactivityTrigger(scenario) !== null)) continue;
      const moved = rescheduled(watch, scenario, after, this.library, this.cause, before);
      if (moved.dueAt !== watch.dueAt || moved.fired.jumpedOver !== watch.fired.jumpedOver) this.putWatch(moved);
    }
    for (const enrollment of this.enrollments.filter(isLive))
      this.movedDates.note(enrollment, this.versionOf(enrollment), before, after);
  }

  /**
   * Whoever waits until a date that has changed waits until the new one, as if the step were entered now. Of one that the
   * contact's clock alone has moved, the step was entered when it was: what the clock jumped over is due now (rule T10).
   */
  private followDates(): void {
    for (const [id, moved] of this.movedDates.take()) {
      const enrollment = this.enrollments.find((each) => each.id === id)!;
      if (!isLive(enrollment)) continue;
      const scenario = this.versionOf(enrollment);
      if (dateWaitedFor(enrollment, scenario) === null) continue;
      const since = moved === 'date' ? this.cause : enrollment.stepEnteredAt;
      this.advance(enrollment, scenario, { type: 'resume', since, notBefore: this.cause });
    }
  }

  facts(event?: EntryEvent, upTo = this.knownUpTo): Facts {
    if (this.contact === null) throw new Error('facts of a contact that does not exist yet');
    const past = known(this.history.events, upTo);
    return {
      now: this.now,
      contact: this.contact,
      zone: this.zone,
      event,
      history: this.emitted.length === 0 ? past : [...past, ...this.emitted],
      consents: this.consent.consents,
      messages: this.history.messages,
      audiences: this.library.policy.compiled.audiences,
      brandOf: this.library.policy.compiled.brandOf,
    };
  }

  /** Lets the contact into a scenario if its audience and re-entry rules do. True when it entered. */
  enter(scenario: CompiledScenario, origin: string, entry: EntryEvent | null): boolean {
    if (this.objects && this.isMarketing(scenario)) return false;
    const event = entry ?? undefined;
    if (this.contact === null || !scenario.admits({ ...this.facts(event), entry: event })) return false;
    const key = keyOf(scenario, entry);
    if (key === null || !mayEnter(scenario, key, this.enrollments, this.now, this.zone)) return false;
    const enrollment = newEnrollment(scenario, this.contact.id, key, origin, entry, this.now);
    // The same cause seen again (an outcome of an earlier run of this tick) enters nobody twice.
    if (this.enrollments.some(({ id }) => id === enrollment.id)) return false;
    this.enrollments.push(enrollment);
    this.advance(enrollment, scenario, { type: 'enter' }, event);
    return true;
  }

  /** Ends what serves direct marketing, if the contact objects to it, and has the rest judged again (GDPR Art. 21). */
  endMarketing(): void {
    if (!this.objects) return;
    for (const { id, scenarioId, scenarioVersion } of this.enrollments.filter(isLive)) {
      const scenario = this.library.scenario(scenarioId, scenarioVersion);
      if (scenario === undefined || this.isMarketing(scenario)) this.end(id, 'exited', OBJECTION);
    }
    this.desk.reconsiderHeld();
  }

  /** Gives an input to a live enrollment's machine. */
  move(enrollmentId: string, input: Exclude<StepInput, { type: 'enter' }>, event?: EntryEvent): void {
    const enrollment = this.enrollments.find(({ id }) => id === enrollmentId);
    if (enrollment === undefined || !isLive(enrollment)) return;
    this.advance(enrollment, this.versionOf(enrollment), input, event);
  }

  /** Lets a live enrollment go on in another version, in a step of the kind of its own, with what it waits for. */
  takeOver(enrollment: Enrollment, scenario: CompiledScenario, step: string): void {
    const state = inStep(enrollment.state, step);
    const moved: Enrollment = { ...enrollment, scenarioVersion: scenario.version, state };
    this.putEnrollment(moved);
    this.advance(moved, scenario, { type: 'resume', since: enrollment.stepEnteredAt, notBefore: this.now });
  }

  /** Puts a live enrollment into a step of another version as if it came there now; what it waited for is cancelled. */
  putInto(enrollment: Enrollment, scenario: CompiledScenario, step: string, reason: string): void {
    const moved: Enrollment = { ...enrollment, scenarioVersion: scenario.version, dueAt: null };
    this.putEnrollment(moved);
    this.desk.cancelOf(moved.id, reason);
    this.cancelCall(enrollment, reason);
    this.advance(moved, scenario, { type: 'enterStep', step });
  }

  /** A version that somebody is in. Throws when the library lacks it. */
  version(scenarioId: string, version: number): CompiledScenario {
    const scenario = this.library.scenario(scenarioId, version);
    if (scenario === undefined) throw new Error(`version ${version} of scenario ${scenarioId} is not in the library`);
    return scenario;
  }

  putWatch(watch: Watch): void {
    this.watches.set(watch.scenarioId, watch);
    this.changedWatches.add(watch.scenarioId);
  }

  /** Judges what was planned or came due, and moves the machines on by what was settled, until nothing is left. */
  settle(): void {
    for (const message of this.consent.ask(this.contact, this.cause)) this.desk.plan(message);
    const surroundings: Surroundings = {
      isInside: (enrollmentId) => this.enrollments.some((each) => each.id === enrollmentId && isLive(each)),
      sales: [],
      consents: this.consent.consents,
      inside: [],
      timed: () => timedSends(this.enrollments, this.library, this.now),
    };
    while (this.desk.isBusy || this.calls.isBusy || this.movedDates.areSome) {
      this.followDates();
      for (const { enrollmentId, ...outcome } of this.desk.takeOutcomes())
        this.move(enrollmentId, { type: 'settled', ...outcome });
      for (const { enrollmentId, ...outcome } of this.calls.takeOutcomes())
        this.move(enrollmentId, { type: 'called', ...outcome });
      const now = { ...surroundings, sales: this.sales(), inside: passages(this.enrollments, this.library) };
      for (const { enrollmentId, reason } of this.desk.judge(this.contact, now))
        this.end(enrollmentId, 'exited', reason);
    }
  }

  /** The sales that had happened when the instant at hand came. */
  private sales(): JudgeFacts['past']['sales'] {
    const told = this.state.sales.filter(({ seq }) => seq <= this.knownUpTo);
    const made = this.library.policy.compiled.sales.flatMap(({ purpose, event }) =>
      this.emitted
        .filter(({ name }) => name === event)
        .map(({ properties }) => ({ purpose, brand: String(properties['brand'] ?? '') })),
    );
    return [...told, ...made];
  }

  private get objects(): boolean {
    return this.state.suppressions.some(({ reason }) => reason === OBJECTION);
  }

  private isMarketing({ definition }: CompiledScenario): boolean {
    return isDirectMarketing(definition.purpose, this.library.policy.policy);
  }

  changes(): ContactChanges {
    return {
      contactId: this.state.contactId,
      contact: this.contactChanged ? this.contact : null,
      enrollments: this.enrollments.filter(({ id }) => this.changedEnrollments.has(id)),
      watches: [...this.watches.values()].filter(({ scenarioId }) => this.changedWatches.has(scenarioId)),
      messages: this.desk.changedMessages,
      decisions: this.desk.decisions,
      turns: this.desk.turns,
      freed: this.desk.freed,
      roomFor: [],
      calls: this.calls.calls,
      cancelledCalls: this.calls.cancellations,
      events: this.emitted,
      suppressions: [],
      lifted: this.lifted,
      asked: this.consent.asked,
      expired: this.consent.expired,
    };
  }

  private advance(enrollment: Enrollment, scenario: CompiledScenario, input: StepInput, event?: EntryEvent): void {
    const steps = (this.steps.get(enrollment.id) ?? 0) + 1;
    this.steps.set(enrollment.id, steps);
    if (steps > MOST_STEPS)
      return this.end(enrollment.id, 'stopped', `runaway: more than ${MOST_STEPS} steps at one instant`);
    let result: StepResult;
    try {
      const context = this.stepContext(enrollment, event);
      result = input.type === 'enter' ? scenario.enter(context) : scenario.step(enrollment.state, input, context);
    } catch (error) {
      // One contact's fault (a value the step cannot use) stops that enrollment, never the tick (rule D9).
      return this.end(enrollment.id, 'stopped', `fault: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (result.state === enrollment.state && result.effects.every((effect) => isDue(enrollment, effect))) return;
    const moved: Enrollment = { ...enrollment, state: result.state, status: result.waiting ? 'waiting' : 'active' };
    const asked = asksInARow(enrollment, result, input, scenario);
    if (asked !== null) moved.state = { ...result.state, context: { ...result.state.context, inARow: asked.inARow } };
    let runaway = asked?.runaway ?? null;
    for (const effect of result.effects) {
      if (runaway !== null) break;
      switch (effect.kind) {
        case 'entered':
          moved.stepEnteredAt = this.now;
          break;
        case 'timer':
          moved.dueAt = effect.dueAt;
          break;
        case 'clear-timer':
          moved.dueAt = null;
          break;
        case 'set':
          this.setTraits(effect.attributes);
          break;
        case 'goal':
          moved.convertedAt ??= this.now;
          break;
        case 'send':
          this.plan(effect, scenario, moved);
          break;
        case 'emit':
        case 'enrol':
          runaway = this.followUps.add(effect, moved, input, this.contact?.userId ?? null, this.knownUpTo, this.now);
          moved.planned += 1;
          break;
        case 'webhook':
          this.calls.plan(effect, scenario, moved);
          moved.planned += 1;
          break;
        case 'ended':
          moved.status = effect.status;
          moved.endedAt = this.now;
          moved.dueAt = null;
          moved.reason = effect.reason ?? null;
          if (effect.status === 'converted') moved.convertedAt ??= this.now;
          break;
        default:
          effect satisfies never;
      }
    }
    if (runaway !== null) Object.assign(moved, { status: 'stopped', endedAt: this.now, dueAt: null, reason: runaway });
    this.putEnrollment(moved);
    if (isLive(moved)) return this.plansMay(enrollment, moved);
    const reason = moved.reason ?? moved.status;
    this.desk.cancelOf(moved.id, reason);
    if (input.type !== 'called') this.calls.cancelOf(enrollment, scenario, reason);
  }

  private plan(effect: Extract<Effect, { kind: 'send' }>, scenario: CompiledScenario, enrollment: Enrollment): void {
    const { library, zone, cause, now } = this;
    const version = library.templateVersion(effect.send.template) ?? 0;
    const message = planMessage(effect, scenario, enrollment, library.policy, version, zone, cause, now);
    enrollment.planned += 1;
    if (inHoldout(scenario.definition, enrollment.contactId)) this.desk.withhold(message);
    else this.desk.plan(message);
  }

  private versionOf({ scenarioId, scenarioVersion }: Enrollment): CompiledScenario {
    return this.version(scenarioId, scenarioVersion);
  }

  /** Ends an enrollment from outside its machine. */
  end(enrollmentId: string | null, status: 'exited' | 'stopped', reason: string): void {
    const enrollment = this.enrollments.find(({ id }) => id === enrollmentId);
    if (enrollment === undefined || !isLive(enrollment)) return;
    const ended: Enrollment = { ...enrollment, status, endedAt: this.now, dueAt: null, reason };
    this.putEnrollment(ended);
    this.desk.cancelOf(ended.id, reason);
    this.cancelCall(ended, reason);
  }

  /** What pressure holds for the sake of others waits no longer than it must: their timers or their enrollments changed. */
  private plansMay(before: Enrollment, after: Enrollment): void {
    if (this.desk.reserves && before.dueAt !== null && before.dueAt > this.now && after.dueAt !== before.dueAt)
      this.desk.reconsiderPressed();
  }

  private cancelCall(enrollment: Enrollment, reason: string): void {
    const { scenarioId, scenarioVersion } = enrollment;
    this.calls.cancelOf(enrollment, this.library.scenario(scenarioId, scenarioVersion), reason);
  }

  private stepContext({ id: enrollmentId, enteredAt, entry }: Enrollment, event?: EntryEvent): StepContext {
    return { facts: this.facts(event), enrollmentId, enteredAt, entry };
  }

  private putEnrollment(enrollment: Enrollment): void {
    this.enrollments[this.enrollments.findIndex(({ id }) => id === enrollment.id)] = enrollment;
    this.changedEnrollments.add(enrollment.id);
  }
}

/** A timer that is set to when it is due anyway changes nothing. */
const isDue = ({ dueAt }: Enrollment, effect: Effect): boolean => effect.kind === 'timer' && effect.dueAt === dueAt;

/** The events that had arrived; the list itself when all had, which is nearly always. */
function known(events: readonly PastEvent[], upTo: number): readonly PastEvent[] {
  return events.every(({ seq }) => seq <= upTo) ? events : events.filter(({ seq }) => seq <= upTo);
}
