import { OPEN_TRACKING } from '../consent/index.ts';
import { normaliseTraits } from '../contacts/index.ts';
import { CONFIRMATION, type Policy } from '../gate/index.ts';
import { OWN_RULES } from '../pressure/index.ts';
import type { CompiledScenario } from '../scenarios/index.ts';
import { suggestion } from '../shared/nearest.ts';
import { show } from '../shared/shown.ts';
import type { ScenarioTest, TestContact, TestFile } from './test-file.schema.ts';
import type { AddFault } from './test-references.ts';

type Path = (string | number)[];

/** What stands around a test file that it may name; undefined where it is not known, and nothing is held against it. */
export interface Surroundings {
  policy: Policy | undefined;
  /** Every version that a test plays or publishes. */
  scenarios: readonly CompiledScenario[];
  templates: ReadonlySet<string>;
}

/**
 * Every name that a test file takes from elsewhere, and every value that a contact could not have: what would only make
 * a test fail without a word, or pass because nothing ever fits.
 */
export function checkTestNames(content: TestFile, around: Surroundings, fault: AddFault): void {
  for (const [name, contact] of Object.entries(content.contacts))
    checkContact(contact, ['contacts', name], around, fault);
  for (const [index, test] of content.tests.entries()) {
    const where: Path = ['tests', index];
    for (const [key, reference] of references(test))
      if (typeof reference !== 'string') checkContact(reference, [...where, ...key], around, fault);
    checkLines(test, where, around, fault);
    checkExpected(test, [...where, 'expect'], around, fault);
  }
}

function references(test: ScenarioTest): [Path, string | TestContact][] {
  if (test.contact !== undefined) return [[['contact'], test.contact]];
  return (test.contacts ?? []).map((reference, index) => [['contacts', index], reference]);
}

function checkContact(contact: TestContact, where: Path, around: Surroundings, fault: AddFault): void {
  const { userId: _userId, consents, traits = {}, ...reserved } = contact;
  checkTraits(
    { ...traits, ...reserved },
    (trait) => (trait in reserved ? [...where, trait] : [...where, 'traits', trait]),
    fault,
  );
  consents.forEach(({ purpose }, index) =>
    checkPurpose(purpose, [...where, 'consents', index, 'purpose'], around, fault),
  );
}

/** Values that no contact can have: no address, no number, no day of the calendar, no zone, no country. */
function checkTraits(traits: Record<string, unknown>, at: (trait: string) => Path, fault: AddFault): void {
  for (const { path, message, hint } of normaliseTraits(traits).faults)
    fault('unusable-contact', message.replace(/\.$/, ''), hint, at(path!));
}

function checkPurpose(purpose: string, where: Path, { policy }: Surroundings, fault: AddFault): void {
  if (policy !== undefined && purpose !== OPEN_TRACKING)
    among('unknown-purpose', 'the policy has no purpose', purpose, Object.keys(policy.purposes), where, fault);
}

/** `known` empty: nothing is known of what there is. */
function among(code: string, what: string, name: string, known: Iterable<string>, where: Path, fault: AddFault): void {
  const all = [...new Set(known)];
  if (all.length > 0 && !all.includes(name)) fault(code, `${what} ${show(name)}`, suggestion(name, all).hint, where);
}

function checkLines(test: ScenarioTest, where: Path, around: Surroundings, fault: AddFault): void {
  const { policy, templates } = around;
  for (const line of test.timeline) {
    const at: Path = [...where, 'timeline', line.position!];
    if (line.identify !== undefined) checkTraits(line.identify, (trait) => [...at, 'identify', trait], fault);
    for (const kind of ['consent', 'confirm'] as const)
      if (line[kind] !== undefined) checkPurpose(line[kind].purpose, [...at, kind, 'purpose'], around, fault);
    for (const kind of ['click', 'open'] as const)
      if (line[kind] !== undefined)
        among('unknown-template', 'there is no template called', line[kind], templates, [...at, kind], fault);
    if (line.to !== undefined && policy !== undefined)
      among('unknown-sender', 'the policy has no sender', line.to, Object.keys(policy.senders), [...at, 'to'], fault);
    const { language } = line.preferences ?? {};
    if (language !== undefined) checkTraits({ locale: language }, () => [...at, 'preferences', 'language'], fault);
  }
  if (policy === undefined) return;
  test.sent.forEach(({ category, purpose, sender }, index) => {
    const at: Path = [...where, 'sent', index];
    among(
      'unknown-category',
      'the policy has no category',
      category,
      Object.keys(policy.categories),
      [...at, 'category'],
      fault,
    );
    if (purpose !== undefined) checkPurpose(purpose, [...at, 'purpose'], around, fault);
    if (sender !== undefined)
      among(
        'unknown-sender',
        'the policy has no sender',
        sender,
        Object.keys(policy.senders),
        [...at, 'sender'],
        fault,
      );
  });
}

function checkExpected(
  { expect, contact, contacts }: ScenarioTest,
  where: Path,
  around: Surroundings,
  fault: AddFault,
): void {
  const { scenarios, templates, policy } = around;
  const people = (contacts ?? [contact!]).map((reference) =>
    typeof reference === 'string' ? reference : reference.userId,
  );
  const ids = scenarios.length === 0 ? [] : [...scenarios.map(({ id }) => id), CONFIRMATION];
  const stepsOf = (scenario: string | undefined): string[] =>
    scenarios
      .filter(({ id }) => scenario === undefined || scenario === id)
      .flatMap(({ definition }) => Object.keys(definition.steps));
  const person = (name: string | undefined, at: Path): void => {
    if (name !== undefined)
      among('unknown-contact', 'no contact of this test is called', name, people, [...at, 'contact'], fault);
  };
  const passage = ({ scenario, step }: { scenario?: string; step?: string }, at: Path): void => {
    if (scenario !== undefined)
      among('unknown-scenario', 'this file plays no scenario', scenario, ids, [...at, 'scenario'], fault);
    // A confirmation has no steps of anybody's making, and a scenario that is not there none that are known.
    if (step !== undefined && scenario !== CONFIRMATION)
      among('unknown-step', 'there is no step', step, stepsOf(scenario), [...at, 'step'], fault);
  };
  for (const [index, message] of (expect.messages ?? []).entries()) {
    const at: Path = [...where, 'messages', index];
    person(message.contact, at);
    passage(message, at);
    if (message.template !== undefined)
      among('unknown-template', 'there is no template called', message.template, templates, [...at, 'template'], fault);
    if (message.category !== undefined && policy !== undefined)
      among(
        'unknown-category',
        'the policy has no category',
        message.category,
        Object.keys(policy.categories),
        [...at, 'category'],
        fault,
      );
    if (message.rule !== undefined && policy !== undefined) {
      const variant = policy.frequencyTest?.pressure ?? [];
      const rules = [...policy.pressure, ...policy.exclusive, ...variant].map(({ rule }) => rule);
      among('unknown-rule', 'the policy has no rule', message.rule, [...rules, ...OWN_RULES], [...at, 'rule'], fault);
    }
  }
  for (const [key, list] of [
    ['enrollments', expect.enrollments],
    ['webhooks', expect.webhooks],
  ] as const)
    for (const [index, entry] of (list ?? []).entries()) {
      person(entry.contact, [...where, key, index]);
      passage(entry, [...where, key, index]);
    }
}
