import { FILES, Library, said, VALID, type FileKind } from './library.ts';

describe('no name of people’s making is one that JavaScript keeps', () => {
  let library: Library;
  beforeAll(async () => {
    library = await Library.make();
  });
  afterAll(() => library.remove());

  /** Every map whose keys people choose, by the text in whose place a reserved name is put. */
  const MAPS: readonly (readonly [FileKind, string, string])[] = [
    ['scenario', '  pause:', '  NAME:'],
    ['scenario', 'set: { tier:', 'set: { NAME:'],
    ['scenario', 'data: { code:', 'data: { NAME:'],
    ['policy', '  brand:', '  NAME:'],
    ['policy', '  newsletter: {', '  NAME: {'],
    ['policy', 'quietHours:', 'audiences: { NAME: { attribute: a, exists: true } }\nquietHours:'],
    [
      'policy',
      'quietHours:',
      'categories: { NAME: { subjectTo: true, countsToward: true, needsConsent: true } }\nquietHours:',
    ],
    ['policy', 'quietHours:', 'brands: { NAME: { label: X, senders: [brand] } }\nquietHours:'],
    ['policy', 'quietHours:', 'utm: { NAME: x }\nquietHours:'],
    ['meta', 'data: { code:', 'data: { NAME:'],
    ['meta', '  data: {', '  contact: { NAME: x }\n  data: {'],
    ['test', '  ada:', '  NAME:'],
    ['test', '    userId: ada', '    traits: { NAME: x }\n    userId: ada'],
    ['test', 'properties: { form:', 'properties: { NAME: 1, form:'],
    ['test', '      messages:', '      attributes: { NAME: x }\n      messages:'],
  ];

  test.each(
    MAPS.flatMap(([kind, from, to]) =>
      ['__proto__', 'constructor', 'prototype'].map((name) => [kind, from, to.replace('NAME', name), name] as const),
    ),
  )('%s: %s becomes %s', async (kind, from, to, name) => {
    const faults = await library.check({ [FILES[kind]]: VALID[kind].replace(from, () => to) });
    const own = faults.filter(({ file }) => file === FILES[kind]).map((fault) => said(fault, FILES[kind]));
    const code = kind === 'meta' ? 'template-meta' : 'reserved-name';
    expect(own).toEqual([expect.stringContaining(`${code} "${name}" is a name that JavaScript keeps for itself`)]);
    expect(({} as Record<string, unknown>)['code']).toBeUndefined();
  });
});
