import { parsePolicy } from '../../src/gate/index.ts';
import { lintLibrary } from '../../src/scenarios/index.ts';
import { NOW } from './lint-setting.ts';

const said = (...days: [from: string, to: string][]): string[] => {
  const lines = days.map(([from, to]) => `  - { from: ${from}, to: ${to}, reason: stock taking }\n`);
  const policy = parsePolicy(
    `timezone: Europe/Paris\ncountry: FR\nsenders: {}\npurposes: {}\nblackouts:\n${lines.join('')}`,
    'policy.yaml',
  );
  expect(policy.faults).toEqual([]);
  const policyFile = { file: 'policy.yaml', value: policy.value, at: policy.at };
  return lintLibrary({ scenarios: [], policy: policy.value, policyFile, templates: [], now: NOW }).map(
    ({ severity, code, line, message }) => `${line} ${severity} ${code} ${message}`,
  );
};

test('a blackout whose last day is over in every zone is a warning', () => {
  expect(said(['2025-12-24', '2026-01-02'], ['2026-05-30', '2026-05-30'])).toEqual([
    '6 warning blackout-is-past the blackout of 2025-12-24 to 2026-01-02 (stock taking) is past, so it holds nothing back any more',
    '7 warning blackout-is-past the blackout of 2026-05-30 (stock taking) is past, so it holds nothing back any more',
  ]);
});

test('one that is to come, or may not be over yet somewhere, is none', () => {
  expect(said(['2026-05-31', '2026-05-31'], ['2026-01-01', '2026-06-01'], ['2026-12-24', '2026-12-26'])).toEqual([]);
});
