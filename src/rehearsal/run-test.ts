import type { Contact } from '../contacts/index.ts';
import type { Enrollment, MemoryWorld, WebhookCall } from '../engine/index.ts';
import type { Decision, Message } from '../gate/index.ts';
import { libraryOf, stepMap, type CompiledScenario, type Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { arriveConfirmation, isConfirmation } from './confirm-line.ts';
import { arriveHit, isHit, type Place } from './hit-line.ts';
import { arriveLine, placeContact, placeSend } from './stage.ts';
import type { ScenarioTest, TestLine } from './test-file.schema.ts';
import type { TestSuite } from './test-suite.service.ts';
import { virtualProvider } from './virtual-provider.ts';
import { VirtualRun } from './virtual-run.ts';
import type { Witness } from './witness.ts';

/** A test without `until` ends when nothing is left to happen, or after this. */
const LONGEST_RUN = 400 * 86_400_000;

/** What happened to the contacts of one test. */
export interface TestOutcome {
  /** In the order in which they were settled; then what is still held, in the order in which it was planned. */
  messages: Message[];
  /** Of `webhook` steps, in the order in which they were planned. */
  calls: WebhookCall[];
  /** In the order of entry. */
  enrollments: Enrollment[];
  contacts: Map<string, Contact>;
  decisions: Map<Id, Decision[]>;
  /** The name under which the test knows a contact. */
  nameOf: ReadonlyMap<Id, string>;
}

/** Plays one test on a virtual clock. `witness` overhears it. Throws UserError when something in it cannot be used (a contact's phone, say). */
export async function playTest(suite: TestSuite, test: ScenarioTest, witness?: Witness): Promise<TestOutcome> {
  const start = test.start ?? test.timeline[0]!.at;
  const until = test.until ?? start + LONGEST_RUN;
  const run = new VirtualRun(
    libraryFor(suite, overheard(suite.scenarios, witness)),
    start,
    virtualProvider(suite.templates, suite.policy.policy),
  );
  run.answerCall = ({ scenarioId, step }) =>
    test.webhooks.find((each) => each.step === step && (each.scenario ?? scenarioId) === scenarioId)?.outcome ?? 'done';
  if (witness !== undefined) run.afterTick = () => witness.afterTick(run.world);
  const people = placeContacts(suite, test, run, start);
  for (const [index, send] of test.sent.entries()) placeSend(run, idOf(people, send.contact), send, index);

  let lines = test.timeline.filter(({ at }) => at <= until);
  while (lines.length > 0) {
    const at = lines[0]!.at;
    await run.runUntil(at);
    const together = lines.filter((line) => line.at === at);
    lines = lines.slice(together.length);
    for (const line of together) {
      if (line.publish !== undefined) publish(suite, run, line, witness);
      else if (isHit(line) || isConfirmation(line)) {
        // A mail that leaves at this very instant has been sent by then.
        await run.settleInstant();
        const [who, place] = [idOf(people, line.contact), placeOf(suite, test, line)];
        if (isConfirmation(line)) arriveConfirmation(run, who, line, place);
        else arriveHit(run, who, line, place);
      } else arriveLine(run, idOf(people, line.contact), line, test.timeline.indexOf(line), suite.file);
    }
    await run.settleInstant();
  }
  // What falls due at the very last instant still happens.
  await run.runUntil(until + 1);
  return outcomeOf(run.world, people);
}

function placeOf(suite: TestSuite, test: ScenarioTest, { position }: TestLine): Place {
  return { file: suite.file, ...suite.at(['tests', suite.content.tests.indexOf(test), 'timeline', position!]) };
}

function overheard(scenarios: readonly CompiledScenario[], witness: Witness | undefined): CompiledScenario[] {
  return scenarios.map((scenario) => witness?.overhear(scenario) ?? scenario);
}

function libraryFor(suite: TestSuite, live: readonly CompiledScenario[], before?: Library): Library {
  return libraryOf({
    revision: 1,
    policy: suite.policy,
    live,
    scenario: (id, version) =>
      live.find((scenario) => scenario.id === id && scenario.version === version) ?? before?.scenario(id, version),
    templateVersion: (id) => (suite.hasTemplate(id) ? 1 : undefined),
  });
}

function placeContacts(suite: TestSuite, test: ScenarioTest, run: VirtualRun, start: Instant): Map<string, Id> {
  const people = new Map<string, Id>();
  for (const reference of test.contacts ?? [test.contact!]) {
    const definition = typeof reference === 'string' ? suite.content.contacts[reference]! : reference;
    const name = typeof reference === 'string' ? reference : reference.userId;
    people.set(name, placeContact(run, definition, start, suite.file, name));
  }
  return people;
}

/** A new version goes live, and those inside finish theirs, or the engine is told what else becomes of them. */
function publish(
  suite: TestSuite,
  run: VirtualRun,
  { publish: file, inFlight, map }: TestLine,
  witness?: Witness,
): void {
  const [published] = overheard([suite.publications.get(file!)!], witness) as [CompiledScenario];
  const { id } = published;
  const before = run.library;
  // Each publication of a test is a version of its own, as it would be live; so is that of an older file.
  const version = (before.live.find((scenario) => scenario.id === id)?.version ?? 0) + 1;
  const next = { ...published, version };
  run.library = libraryFor(suite, [...before.live.filter((scenario) => scenario.id !== id), next], before);
  run.world.watchAgain(next, run.clock.now());
  if (inFlight === 'finish') return;
  for (const contactId of run.world.inside(id))
    run.arrive({ kind: 'replace', contactId, scenarioId: id, version, inFlight, map: stepMap(map ?? {}) });
}

function idOf(people: ReadonlyMap<string, Id>, name: string | undefined): Id {
  return name === undefined ? [...people.values()][0]! : people.get(name)!;
}

function outcomeOf(world: MemoryWorld, people: ReadonlyMap<string, Id>): TestOutcome {
  const records = [...people].map(([name, id]) => [name, world.of(id)] as const);
  const pending = records.flatMap(([, { messages }]) =>
    [...messages.values()].filter(({ settledAt }) => settledAt === null),
  );
  const decisions = new Map<Id, Decision[]>();
  for (const [, record] of records) {
    for (const decision of record.decisions)
      decisions.set(decision.messageId, [...(decisions.get(decision.messageId) ?? []), decision]);
  }
  return {
    messages: [...world.settledMessages(), ...pending.sort((a, b) => a.plannedAt - b.plannedAt)],
    calls: records.flatMap(([, { calls }]) => [...calls.values()]).sort((a, b) => a.plannedAt - b.plannedAt),
    enrollments: records
      .flatMap(([, { enrollments }]) => [...enrollments.values()])
      .sort((a, b) => a.enteredAt - b.enteredAt),
    contacts: new Map(records.flatMap(([name, { contact }]) => (contact === null ? [] : [[name, contact] as const]))),
    decisions,
    nameOf: new Map([...people].map(([name, id]) => [id, name])),
  };
}
