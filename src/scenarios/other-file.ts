import type { Fault } from '../shared/errors.ts';

/** What a file of the language can be, by what it must have. */
type Kind = 'scenario' | 'policy' | 'test' | 'contact' | 'campaign' | 'timeline' | 'template';

const MARKS: readonly (readonly [Kind, readonly string[]])[] = [
  ['test', ['tests']],
  ['campaign', ['campaign']],
  ['scenario', ['scenario', 'trigger', 'steps', 'programme']],
  ['policy', ['senders', 'purposes', 'categories', 'pressure', 'quietHours']],
  ['contact', ['userId', 'email', 'phone', 'traits', 'consents']],
  ['timeline', ['timeline']],
  ['template', ['subject', 'preheader', 'sample']],
];

const CALLED: Readonly<Record<Kind, string>> = {
  scenario: 'a scenario',
  policy: 'a policy',
  test: 'a scenario test',
  contact: 'a contact',
  campaign: 'a campaign',
  timeline: 'a timeline',
  template: 'the meta.yaml of a template',
};

const WHERE: Readonly<Record<Kind, string>> = {
  scenario: 'call it <scenario>.yaml',
  policy: 'call it policy.yaml',
  test: 'call it <scenario>.test.yaml',
  contact: 'move it out of the folder of scenarios; relance rehearse takes it with --contact',
  campaign: 'move it into the folder campaigns',
  timeline: 'move it out of the folder of scenarios; relance rehearse takes it with --timeline',
  template: 'move it to templates/<template>/meta.yaml',
};

/** A file that has none of what a file of its name must have: it is another one, which is one slip and not one a key. */
export function otherFile(data: unknown, wanted: 'scenario' | 'policy' | 'test', file: string): Fault | undefined {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return undefined;
  const has = (keys: readonly string[]): string[] => keys.filter((key) => Object.hasOwn(data, key));
  const own = MARKS.find(([kind]) => kind === wanted)![1];
  const marks = MARKS.filter(([kind]) => kind !== wanted).map(([kind, keys]) => ({ kind, found: has(keys) }));
  const best = marks.reduce((most, next) => (next.found.length > most.found.length ? next : most));
  // Nothing else has tests, and a scenario has no contacts beside them.
  const isTest = wanted !== 'test' && Object.hasOwn(data, 'tests') && !Object.hasOwn(data, 'steps');
  const isOwn = isTest ? 0 : has(own).length;
  if (isOwn > 0 && (wanted === 'test' || isOwn >= best.found.length)) return undefined;
  const place = { code: 'wrong-file', severity: 'error' as const, file, line: 1, column: 1 };
  // A test file names its scenario, and so does a scenario.
  if (wanted === 'test' && best.found.length < 2) return undefined;
  if (best.found.length > 0 && (isOwn === 0 || best.found.length > isOwn))
    return {
      ...place,
      message: `this is not ${CALLED[wanted]}: ${best.found.slice(0, 3).join(', ')} ${best.found.length === 1 ? 'is' : 'are'} of ${CALLED[best.kind]}`,
      hint: WHERE[best.kind],
    };
  if (wanted !== 'scenario' || Object.keys(data).length === 0) return undefined;
  return {
    ...place,
    message: `this is not a scenario: it has none of ${own.join(', ')}`,
    hint: 'move it out of the folder of scenarios, or begin it with scenario: <id>',
  };
}
