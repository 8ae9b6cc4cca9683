import { compileCondition, describeCondition, type Condition, type Facts } from '../audience/index.ts';
import { inHoldout } from '../engine/index.ts';
import { decisionSentence, gateSentence, type Setting } from '../explain/index.ts';
import type { Decision, Message } from '../gate/index.ts';
import {
  compileScenario,
  describeStep,
  type AskedGuard,
  type CompiledScenario,
  type Effect,
  type Scenario,
  type StepContext,
  type StepInput,
  type StepResult,
} from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { TimelineEntry } from './timeline.ts';

/** Written down to find its place again, and taken out at the end: where a machine was told of a message's outcome. */
interface Told {
  kind: 'told';
  at: Instant;
  enrollmentId: Id;
  step: string;
}

/**
 * Writes down what the engine does, by looking over the shoulder of the machines it runs. Nothing of it is known to the
 * engine, and what a machine answers is what it would have answered alone.
 */
export class Recorder {
  private readonly log: (TimelineEntry | Told)[] = [];
  private asked: AskedGuard[] = [];
  /** Where the entries of the tick at hand begin. */
  private tick = 0;
  /** Scenarios that were asked to let the contact in, and have not yet. */
  private readonly applicants = new Map<string, { at: Instant; admitted: boolean }>();

  /** @param setting in which judgements are put into words; asked when there is one. */
  constructor(private readonly setting: () => Setting) {}

  note(entry: TimelineEntry): void {
    this.log.push(entry);
  }

  /** Notes an end that the machine itself has not told. */
  noteEnd(entry: Extract<TimelineEntry, { kind: 'ended' }>): void {
    const told = this.log.some(
      (known) => known.kind === 'ended' && known.at === entry.at && known.scenario === entry.scenario,
    );
    if (!told) this.note(entry);
  }

  get entries(): TimelineEntry[] {
    return this.log.filter((entry): entry is TimelineEntry => entry.kind !== 'told');
  }

  /** Compiles a scenario that tells this recorder what it does. */
  compile(definition: Scenario, version: number): CompiledScenario {
    const compiled = compileScenario(definition, version, (asked) => this.asked.push(asked));
    const parts = admissionParts(definition).map(({ asked, condition }) => ({
      asked,
      condition: describeCondition(condition),
      holds: compileCondition(condition),
    }));
    return {
      ...compiled,
      admits: (facts: Facts) => {
        const admitted = compiled.admits(facts);
        const scenario = compiled.id;
        for (const { asked, condition, holds } of parts)
          this.note({ at: facts.now, kind: 'admission', scenario, asked, condition, value: holds(facts) });
        this.applicants.set(scenario, { at: facts.now, admitted });
        return admitted;
      },
      enter: (context) => {
        this.applicants.delete(compiled.id);
        this.note({ at: context.facts.now, kind: 'entered', scenario: compiled.id, version });
        return this.watch(definition, null, context, () => compiled.enter(context));
      },
      step: (state, input, context) => {
        this.noteInput(definition, state.value, input, context);
        return this.watch(definition, state.value, context, () => compiled.step(state, input, context));
      },
    };
  }

  /** After a tick: puts its judgements where they were made, and tells who was not let in. Returns the latter. */
  afterTick(
    decisions: readonly Decision[],
    messages: ReadonlyMap<Id, Message>,
  ): Map<string, { at: Instant; admitted: boolean }> {
    let after = this.tick;
    for (const decision of decisions) {
      const message = messages.get(decision.messageId)!;
      // What a judgement led to at once, the machine was told of: the judgement stands before that.
      const told = decision.verdict === 'cancel' ? -1 : this.toldOf(message, after);
      const place = told < 0 ? this.log.length : told;
      this.log.splice(place, 0, judged(decision, message, this.setting()));
      if (told >= 0) after = place + 2;
    }
    this.tick = this.log.length;
    const refused = new Map(this.applicants);
    this.applicants.clear();
    return refused;
  }

  private toldOf({ enrollmentId, step }: Message, from: number): number {
    return this.log.findIndex(
      (entry, index) =>
        index >= from && entry.kind === 'told' && entry.enrollmentId === enrollmentId && entry.step === step,
    );
  }

  private noteInput(
    definition: Scenario,
    step: string,
    input: StepInput,
    { facts: { now: at, contact }, enrollmentId }: StepContext,
  ): void {
    const { scenario } = definition;
    if (input.type === 'timer') this.note({ at, kind: 'timer', scenario, step });
    if (input.type === 'called' && !inHoldout(definition, contact.id))
      this.note({ at, kind: 'called', scenario, step, outcome: input.outcome });
    if (input.type === 'settled') this.log.push({ at, kind: 'told', enrollmentId, step: input.step });
  }

  /** Turns a step's effects, and the guards that were asked in it, into entries. */
  private watch(scenario: Scenario, from: string | null, context: StepContext, run: () => StepResult): StepResult {
    const asked: AskedGuard[] = (this.asked = []);
    const result = run();
    const at = context.facts.now;
    let here = from;
    const guardsHere = (): void => {
      while (asked.length > 0 && (asked[0]!.step === null || asked[0]!.step === here)) {
        const { guard, value } = asked.shift()!;
        this.note({ at, kind: 'guard', scenario: scenario.scenario, step: here ?? '', guard, value });
      }
    };
    guardsHere();
    for (const [index, effect] of result.effects.entries()) {
      if (effect.kind === 'entered') {
        const until = timerOf(result.effects.slice(index + 1));
        const does = describeStep(scenario.steps[effect.step]!);
        this.note({ at, kind: 'state', scenario: scenario.scenario, left: here, entered: effect.step, does, until });
        here = effect.step;
        guardsHere();
      } else if (effect.kind === 'webhook') {
        const { method, url, body, fault } = effect.request;
        const notMade = inHoldout(scenario, context.facts.contact.id) ? 'the contact is in the holdout' : fault;
        const read: unknown = body === null ? null : JSON.parse(body);
        this.note({
          at,
          kind: 'webhook',
          scenario: scenario.scenario,
          step: effect.step,
          method,
          url,
          body: read,
          notMade,
        });
      } else this.noteEffect(scenario.scenario, here ?? '', effect, at);
    }
    for (const { guard, value } of asked)
      this.note({ at, kind: 'guard', scenario: scenario.scenario, step: here ?? '', guard, value });
    return result;
  }

  private noteEffect(scenario: string, step: string, effect: Effect, at: Instant): void {
    if (effect.kind === 'set') this.note({ at, kind: 'set', scenario, step, attributes: effect.attributes });
    if (effect.kind === 'emit') this.note({ ...effect, at, scenario });
    if (effect.kind === 'enrol') this.note({ at, kind: 'enrol-step', scenario, step, enrolled: effect.scenario });
    if (effect.kind === 'goal') this.note({ at, kind: 'goal', scenario });
    if (effect.kind === 'ended') {
      const { status, reason = null } = effect;
      this.note({ at, kind: 'ended', scenario, left: step, status, reason });
    }
  }
}

/** The timer that the step just entered set; the next step's is its own. */
function timerOf(effects: readonly Effect[]): Instant | null {
  for (const effect of effects) {
    if (effect.kind === 'entered') return null;
    if (effect.kind === 'timer') return effect.dueAt;
  }
  return null;
}

/** The conditions that are asked of whoever would enter. */
export function admissionParts({
  trigger,
  audience,
}: Scenario): { asked: 'trigger' | 'audience'; condition: Condition }[] {
  const where = trigger.kind === 'event' ? trigger.where : undefined;
  return [
    ...(where === undefined ? [] : [{ asked: 'trigger' as const, condition: where }]),
    ...(audience === undefined ? [] : [{ asked: 'audience' as const, condition: audience }]),
  ];
}

function judged(decision: Decision, message: Message, setting: Setting): TimelineEntry {
  const { scenarioId: scenario, channel, template } = message;
  const { at, messageId, verdict, gate, rule, reason, until, policyVersion } = decision;
  const sentence = decisionSentence(decision, message, setting);
  const gates = decision.gates.map((record) => ({
    ...record,
    sentence: gateSentence(record, message, policyVersion, setting),
  }));
  return {
    at,
    kind: 'judged',
    messageId,
    scenario,
    channel,
    template,
    verdict,
    gate,
    rule,
    reason,
    until,
    sentence,
    gates,
  };
}
