import { parsePolicy } from '../../src/gate/index.ts';
import { lintLibrary } from '../../src/scenarios/index.ts';
import { NOW, templates } from './lint-setting.ts';

const POLICY = `timezone: Pacific/Auckland
country: NZ
senders: { brand: { email: hello@example.com } }
purposes: { newsletter: { label: Newsletter, legalBasis: consent } }
pressure:
  - { rule: ceiling, platform: true, window: { rolling: 1d }, max: 3 }
  - { rule: weekly, window: { rolling: 7d }, max: 4 }
  - { rule: apart, window: { gap: 16h } }
frequencyTest:
  id: fewer-mails
  from: 2026-05-01
  until: 2026-06-02
  share: 50%
  pressure:
`;
/** What is said of the variant's rules at an instant: `line code: message — hint`. */
function said(rules: readonly string[], now: number): string[] {
  const file = 'policy.yaml';
  const {
    value: policy,
    faults,
    at,
  } = parsePolicy(`${POLICY}${rules.map((rule) => `    - ${rule}\n`).join('')}`, file);
  expect(faults).toEqual([]);
  const library = { scenarios: [], policy, policyFile: { file, value: policy, at }, templates, now };
  return lintLibrary(library).map(
    ({ severity, line, code, message, hint }) => `${severity} ${line} ${code}: ${message} — ${hint}`,
  );
}
const TWO = '{ rule: weekly, window: { rolling: 7d }, max: 2 }';
const FOUR = '{ rule: weekly, window: { rolling: 7d }, max: 4, onBlocked: drop }';
const APART = '{ rule: apart, window: { gap: 16h } }';
/** Midnight of 2 June in Auckland. */
const OVER = Date.parse('2026-06-01T12:00:00Z');

test('test-is-over: a test whose last day has gone by in the zone of the policy', () => {
  expect(NOW).toBe(OVER);
  expect(said([TWO], OVER - 1)).toEqual([]);
  expect(said([TWO], OVER)).toEqual([
    "warning 12 test-is-over: the frequency test fewer-mails ended on 2026-06-02, so everybody is judged by the policy's own rules — take it out, with the better rules under pressure; relance frequency-test fewer-mails still shows its results",
  ]);
});

test.each<[string, string[], boolean]>([
  ['another maximum', [TWO, APART], false],
  ['a rule less', [FOUR], false],
  ['the same rules in another order, defaults written out', [APART, FOUR], true],
])('test-without-difference: %s', (_name, rules, isSame) => {
  expect(said(rules, OVER - 1)).toEqual(
    isSame
      ? [
          'warning 14 test-without-difference: both sides of the frequency test fewer-mails are judged by the same rules, so it can show nothing — change a maximum or a window of the variant',
        ]
      : [],
  );
});
