import { formatName, isReference, parseName, parseReference } from '../../../src/scenarios/versions/reference.ts';

test.each([
  ['welcome@3', { kind: 'scenario', id: 'welcome', version: 3 }],
  ['scenario:welcome@3', { kind: 'scenario', id: 'welcome', version: 3 }],
  ['policy@2', { kind: 'policy', id: 'policy', version: 2 }],
  ['scenario:policy@2', { kind: 'scenario', id: 'policy', version: 2 }],
  ['template:welcome-hello@10', { kind: 'template', id: 'welcome-hello', version: 10 }],
])('%s is a version', (text, reference) => {
  expect(parseReference(text)).toEqual(reference);
  expect(isReference(text)).toBe(true);
});

test.each(['welcome', 'welcome@0', 'welcome@', 'Welcome@1', '../welcome@1', 'mail:welcome@1', 'a@1@2', 'a@9999999999'])(
  '%s is no version',
  (text) => {
    expect(() => parseReference(text)).toThrow('is no version: write welcome@3, policy@2 or template:welcome-hello@1');
    expect(isReference(text)).toBe(false);
  },
);

test.each(['welcome', 'policy', 'scenario:policy', 'template:welcome-hello'])(
  'the name %s is written as it is read',
  (text) => {
    expect(formatName(parseName(text))).toBe(text);
  },
);
