import { contactZone } from '../calendar/index.ts';
import type { OutgoingMessage } from '../channels/index.ts';
import type { VirtualContact } from '../engine/index.ts';
import type { RequestStanding } from '../consent/index.ts';
import type { CustomerEvent } from '../events/index.ts';
import type { PolicyVersion } from '../gate/index.ts';
import { libraryOf, type CompiledScenario, type Library, type Scenario } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import type { TemplateCache } from '../templates/index.ts';
import { readWord } from '../consent/index.ts';
import { textEventName } from '../tracking/index.ts';
import { whyNobodyEntered, whyNotEntered } from './refusal.ts';
import { Recorder } from './recorder.ts';
import { arriveConfirmation, isConfirmation, type ConfirmLine } from './confirm-line.ts';
import { arriveHit, isHit } from './hit-line.ts';
import { arriveLine } from './stage.ts';
import { showPreferences } from './show-preferences.ts';
import type { TestLine } from './test-file.schema.ts';
import type { Rehearsal } from './timeline.ts';
import { virtualProvider } from './virtual-provider.ts';
import { VirtualRun } from './virtual-run.ts';

/** A rehearsal without `until` ends with the contact's passage, or after this. */
const LONGEST_RUN = 400 * 86_400_000;

/** A scenario and the version it runs as. */
export interface Cast {
  definition: Scenario;
  version: number;
}

/** All a rehearsal needs, read and checked. */
export interface RehearsalPlan {
  scenario: Cast;
  /** What is shown as its version; null for a file. */
  shownVersion: number | null;
  /** Others that run beside it. */
  beside: readonly Cast[];
  /** Versions in which the contact may already be inside. */
  older: readonly Cast[];
  policy: PolicyVersion;
  templates: TemplateCache;
  templateVersion: (id: string) => number | undefined;
  /** Puts the contact into the virtual world, with all that is known. */
  place: (run: VirtualRun) => Id;
  /** Of the event, or the enrolment by hand, that starts it. */
  properties: Record<string, unknown>;
  timeline: readonly TestLine[];
  from: Instant;
  until: Instant | null;
  /** Named in faults of the timeline. */
  file: string;
  notes: readonly string[];
}

/** Plays one contact's path on a virtual clock, by the engine that runs live, and writes down all that happens. */
export async function rehearse(plan: RehearsalPlan): Promise<Rehearsal> {
  const recorder: Recorder = new Recorder(() => ({
    language: 'en',
    zone: contactZone(contact, plan.policy.policy.timezone),
    policyOf: () => plan.policy.policy,
    nameOf: (messageId) => record.messages.get(messageId)?.template,
  }));
  const rendered = new Map<Id, OutgoingMessage>();
  const handOver = virtualProvider(plan.templates, plan.policy.policy, ({ id }, mail) => void rendered.set(id, mail));
  const run = new VirtualRun(libraryFor(plan, recorder), plan.from, async (message, world) => {
    const answer = await handOver(message, world);
    if (answer.outcome === 'outgrown') return answer;
    const reason = answer.outcome === 'blocked' ? answer.reason : null;
    recorder.note({ at: run.clock.now(), kind: 'message', messageId: message.id, outcome: answer.outcome, reason });
    return answer;
  });
  const contactId = plan.place(run);
  const record = run.world.of(contactId);
  const contact = record.contact!;
  run.afterTick = watchTicks(plan, recorder, record, run);

  await play(plan, run, recorder, contactId);
  const { scenario: id } = plan.scenario.definition;
  const enrollments = [...record.enrollments.values()].filter(
    ({ enteredAt, endedAt }) => enteredAt >= plan.from || endedAt === null || endedAt >= plan.from,
  );
  const last = enrollments.findLast(({ scenarioId }) => scenarioId === id);
  const refusal = recorder.entries.find((entry) => entry.kind === 'not-entered' && entry.scenario === id);
  const missed = refusal?.kind === 'not-entered' ? refusal.reason : whyNobodyEntered(plan.scenario.definition, contact);
  return {
    scenario: plan.scenario.definition,
    version: plan.shownVersion,
    contact,
    zone: contactZone(contact, plan.policy.policy.timezone),
    from: plan.from,
    until: run.clock.now(),
    status: last?.status ?? 'not-entered',
    step: last === undefined || last.endedAt !== null ? null : last.state.value,
    reason: last === undefined ? missed : last.reason,
    entries: recorder.entries,
    messages: [...record.messages.values()]
      .map((message) => ({ message, outgoing: rendered.get(message.id) ?? null }))
      .sort((a, b) => a.message.plannedAt - b.message.plannedAt),
    enrollments,
    notes: plan.notes,
  };
}

function libraryFor(plan: RehearsalPlan, recorder: Recorder): Library {
  const compiled = new Map<Cast, CompiledScenario>();
  const compile = (cast: Cast): CompiledScenario => {
    const known = compiled.get(cast) ?? recorder.compile(cast.definition, cast.version);
    compiled.set(cast, known);
    return known;
  };
  const live = [plan.scenario, ...plan.beside];
  const all = [...live, ...plan.older];
  return libraryOf({
    revision: 1,
    policy: plan.policy,
    live: live.map(compile),
    scenario: (id, version) => {
      const cast = all.find((each) => each.definition.scenario === id && each.version === version);
      return cast === undefined ? undefined : compile(cast);
    },
    templateVersion: plan.templateVersion,
  });
}

/** What a tick did besides moving machines: judgements, refusals at the door, and ends from outside the machine. */
function watchTicks(plan: RehearsalPlan, recorder: Recorder, record: VirtualContact, run: VirtualRun): () => void {
  let decisions = record.decisions.length;
  const ended = new Set([...record.enrollments.values()].flatMap(({ id, endedAt }) => (endedAt === null ? [] : [id])));
  return () => {
    const at = run.clock.now();
    const refused = recorder.afterTick(record.decisions.slice(decisions), record.messages);
    decisions = record.decisions.length;
    for (const [scenario, { admitted }] of refused) {
      const definition = [plan.scenario, ...plan.beside].find(
        (cast) => cast.definition.scenario === scenario,
      )!.definition;
      recorder.note({
        at,
        kind: 'not-entered',
        scenario,
        reason: whyNotEntered(definition, admitted, record.enrollments.values()),
      });
    }
    for (const { id, scenarioId: scenario, endedAt, status, reason, state } of record.enrollments.values()) {
      if (endedAt === null || ended.has(id)) continue;
      ended.add(id);
      recorder.noteEnd({ at, kind: 'ended', scenario, left: state.value, status, reason });
    }
  };
}

async function play(plan: RehearsalPlan, run: VirtualRun, recorder: Recorder, contactId: Id): Promise<void> {
  const lines = linesOf(plan);
  const last = plan.until ?? plan.from + LONGEST_RUN;
  const { scenario, trigger } = plan.scenario.definition;
  if (trigger.kind === 'manual') {
    recorder.note({ at: plan.from, kind: 'enrol', scenario, properties: plan.properties });
    run.arrive({ kind: 'enrol', contactId, scenarioId: scenario, properties: plan.properties });
  }
  for (let played = 0; ;) {
    const at = run.clock.now();
    for (; lines[played]?.at === at; played++) {
      const line = lines[played]!;
      if (isHit(line)) {
        await run.settleInstant();
        noteHit(recorder, line, arriveHit(run, contactId, line, { file: plan.file }));
        continue;
      }
      if (isConfirmation(line)) {
        await run.settleInstant();
        noteConfirmation(recorder, line, arriveConfirmation(run, contactId, line, { file: plan.file }));
        continue;
      }
      arriveLine(run, contactId, line, played, plan.file);
      noteLine(plan, recorder, line);
    }
    await run.settleInstant();
    const next = Math.min(
      lines[played]?.at ?? Number.POSITIVE_INFINITY,
      (await run.world.nextDue()) ?? Number.POSITIVE_INFINITY,
    );
    const over = plan.until === null && played === lines.length && isOver(plan, run.world.of(contactId));
    if (over || next > last || next === Number.POSITIVE_INFINITY) break;
    await run.runUntil(next);
  }
  if (plan.until !== null) await run.runUntil(plan.until);
}

/** What starts it goes before the timeline, unless the timeline plays that event itself. */
function linesOf({ scenario, timeline, properties, from, file }: RehearsalPlan): TestLine[] {
  const early = timeline.find(({ at }) => at < from);
  if (early !== undefined)
    throw new UserError(`${file}: the timeline begins before the rehearsal: start it earlier with --from`);
  if (timeline.some(({ publish }) => publish !== undefined))
    throw new UserError(`${file}: a rehearsal publishes nothing: \`publish\` lines are for test files`);
  const { trigger } = scenario.definition;
  if (trigger.kind !== 'event' || timeline.some(({ track }) => track === trigger.event)) return [...timeline];
  return [{ at: from, track: trigger.event, properties, inFlight: 'finish', position: null }, ...timeline];
}

function noteHit(recorder: Recorder, { at, click, open }: TestLine, event: CustomerEvent | null): void {
  const template = click ?? open!;
  if (event === null) return recorder.note({ at, kind: 'unknown-open', template });
  recorder.note({ at, kind: 'event', name: event.name, properties: event.properties, late: false });
}

function noteConfirmation(recorder: Recorder, { at, confirm }: ConfirmLine, standing: RequestStanding): void {
  const action = standing === 'open' ? 'confirmed' : `not confirmed by the link (${standing})`;
  recorder.note({ at, kind: 'consent', channel: confirm.channel, purpose: confirm.purpose, action });
}

function noteLine({ policy }: RehearsalPlan, recorder: Recorder, line: TestLine): void {
  const { at } = line;
  if (line.consent !== undefined) {
    const { channel, purpose, action } = line.consent;
    return recorder.note({ at, kind: 'consent', channel, purpose, action });
  }
  if (line.reply !== undefined) {
    const name = textEventName(readWord(line.reply));
    return recorder.note({ at, kind: 'event', name, properties: { text: line.reply }, late: false });
  }
  if (line.restrict !== undefined) return recorder.note({ at, kind: 'restriction', restricted: line.restrict });
  if (line.preferences !== undefined)
    return recorder.note({ at, kind: 'preferences', chosen: showPreferences(line.preferences) });
  if (line.identify !== undefined) return recorder.note({ at, kind: 'identify', traits: line.identify });
  const { track: name = '', properties = {}, timestamp = at, context } = line;
  const late = context?.historical === true || at - Math.min(timestamp, at) > policy.compiled.lateAfter;
  recorder.note({ at, kind: 'event', name, properties, late });
}

/** The contact has been through the scenario, and is in it no more. */
function isOver({ scenario, from }: RehearsalPlan, { enrollments }: VirtualContact): boolean {
  const own = [...enrollments.values()].filter(({ scenarioId }) => scenarioId === scenario.definition.scenario);
  return own.every(({ endedAt }) => endedAt !== null) && own.some(({ endedAt }) => endedAt! >= from);
}
