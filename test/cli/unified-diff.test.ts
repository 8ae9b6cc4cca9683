import { coloured, patchOf } from '../../src/cli/unified-diff.ts';
import { describePull } from '../../src/cli/pull.ts';
import { describeVersions } from '../../src/cli/versions.ts';

const file = (label: string, text: string) => ({ file: 'scenarios/a.yaml', label, text });

test('a difference is a unified diff that says which versions it is between', () => {
  const patch = patchOf({ name: 'a', before: file('version 2', 'a\nb\n'), after: file('file', 'a\nc\n') });
  expect(patch).toBe(`--- scenarios/a.yaml\tversion 2
+++ scenarios/a.yaml\tfile
@@ -1,2 +1,2 @@
 a
-b
+c
`);
  expect(coloured(patch).split('\n')[4]).toBe('\u001B[31m-b\u001B[39m');
});

test('a file that one side lacks is all added or all removed', () => {
  expect(patchOf({ name: 'a', before: null, after: file('file', 'a\n') })).toMatch(
    /^--- \/dev\/null\n\+\+\+ scenarios\/a\.yaml\tfile\n@@ -0,0 \+1,1 @@\n\+a\n$/,
  );
  expect(patchOf({ name: 'a', before: file('version 1', 'a'), after: null })).toContain(
    '-a\n\\ No newline at end of file',
  );
});

test('a pull says what it wrote, what was the same and what differs', () => {
  const pulled = (outcome: 'written' | 'same' | 'differs', place: string) => ({ file: place, outcome, version: 1 });
  expect(describePull([pulled('written', 'a.yaml'), pulled('same', 'b.yaml'), pulled('differs', 'c.yaml')])).toBe(
    `written      a.yaml  (version 1)
differs      c.yaml  (version 1)
1 written, 1 same, 1 differs.
Files that differ were left as they are: \`relance diff\` shows how, --force overwrites them.
`,
  );
});

test('versions are a table', () => {
  const version = {
    kind: 'scenario',
    id: 'hello',
    publishedAt: Date.parse('2026-03-02T08:00:00Z'),
    path: 'scenarios/hello.yaml',
  } as const;
  expect(
    describeVersions([
      { ...version, version: 12, state: 'live', people: 1234 },
      { ...version, version: 1, state: 'replaced', people: 0 },
    ]),
  ).toBe(
    `VERSION   STATE     PUBLISHED (UTC)   INSIDE  FROM
hello@12  live      2026-03-02 08:00    1234  scenarios/hello.yaml
hello@1   replaced  2026-03-02 08:00       0  scenarios/hello.yaml
`,
  );
  expect(describeVersions([])).toBe('No scenario has been published yet.\n');
});
