import { faultOfTarget, type CompiledScenario } from '../scenarios/index.ts';
import type { Fault } from '../shared/errors.ts';
import type { Position } from '../shared/yaml.ts';
import type { TestFile } from './test-file.schema.ts';

type Path = (string | number)[];
export type AddFault = (code: string, message: string, hint: string | undefined, where: Path) => void;

/** Adds errors of one file, each placed where its path stands. */
export function addTo(faults: Fault[], file: string, at: (path: Path) => Position): AddFault {
  return (code, message, hint, where) => {
    const more = hint === undefined ? {} : { hint };
    faults.push({ code, severity: 'error', message, ...more, file, path: where.join('.'), ...at(where) });
  };
}

/** A map leads from steps that some version has to steps of the version that is published. */
export function checkMaps(
  content: TestFile,
  versions: readonly CompiledScenario[],
  publications: ReadonlyMap<string, CompiledScenario>,
  fault: AddFault,
): void {
  for (const [index, test] of content.tests.entries()) {
    for (const { publish, map = {}, position } of test.timeline) {
      const published = publish === undefined ? undefined : publications.get(publish);
      if (published === undefined) continue;
      const steps = versions
        .filter(({ id }) => id === published.id)
        .flatMap(({ definition }) => Object.keys(definition.steps));
      for (const [from, to] of Object.entries(map)) {
        const where = ['tests', index, 'timeline', position!, 'map', from];
        const wrong = faultOfTarget(to, Object.keys(published.definition.steps));
        if (wrong !== null) fault('wrong-map', wrong.message, wrong.hint, where);
        if (!steps.includes(from))
          fault(
            'wrong-map',
            `no version has a step \`${from}\``,
            `write one of ${[...new Set(steps)].join(', ')}`,
            where,
          );
      }
    }
  }
}

/** Every contact a test names must be there, and with several, each line must name its own. */
export function checkReferences(content: TestFile, fault: AddFault): void {
  for (const [index, test] of content.tests.entries()) {
    const references = test.contacts ?? [test.contact!];
    const names = references.map((reference) => (typeof reference === 'string' ? reference : reference.userId));
    for (const reference of references) {
      if (typeof reference === 'string' && content.contacts[reference] === undefined) {
        const hint = `write one of ${Object.keys(content.contacts).join(', ') || 'none: there are no shared contacts'}`;
        fault('unknown-contact', `no contact is called \`${reference}\``, hint, [
          'tests',
          index,
          test.contacts ? 'contacts' : 'contact',
        ]);
      }
    }
    const lists = { timeline: test.timeline, sent: test.sent };
    for (const [list, lines] of Object.entries(lists)) {
      for (const [line, entry] of lines.entries()) {
        const where = ['tests', index, list, 'position' in entry ? entry.position! : line];
        const needed = !('publish' in entry && entry.publish !== undefined);
        if (entry.contact === undefined && names.length > 1 && needed) {
          fault('missing-contact', 'with several contacts every line names its own', `add contact: ${names[0]}`, where);
        } else if (entry.contact !== undefined && !names.includes(entry.contact)) {
          fault(
            'unknown-contact',
            `no contact of this test is called \`${entry.contact}\``,
            `write one of ${names.join(', ')}`,
            [...where, 'contact'],
          );
        }
      }
    }
  }
}

/** What is said of a call must be said of a step that makes one. */
export function checkAnswers(content: TestFile, scenarios: readonly CompiledScenario[], fault: AddFault): void {
  for (const [index, { webhooks }] of content.tests.entries()) {
    for (const [line, { scenario, step }] of webhooks.entries()) {
      const steps = scenarios
        .filter(({ id }) => scenario === undefined || scenario === id)
        .flatMap(({ definition }) => Object.entries(definition.steps))
        .flatMap(([id, { kind }]) => (kind === 'webhook' ? [id] : []));
      if (steps.includes(step)) continue;
      const hint = steps.length === 0 ? 'no step here is one' : `write one of ${[...new Set(steps)].join(', ')}`;
      fault('unknown-step', `there is no webhook step \`${step}\``, hint, ['tests', index, 'webhooks', line, 'step']);
    }
  }
}
