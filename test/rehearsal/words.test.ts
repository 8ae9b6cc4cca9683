import path from 'node:path';
import { runTests } from '../../src/rehearsal/index.ts';
import { FILES, Library, VALID } from '../words/library.ts';

describe('what relance test says', () => {
  let library: Library;
  beforeAll(async () => {
    library = await Library.make();
  });
  afterAll(() => library.remove());

  const run = async (files: Record<string, string>, asked: string = FILES.test): ReturnType<typeof runTests> => {
    await library.check(files);
    return runTests([library.place(asked)], { templatesDir: library.place('templates') });
  };

  test('of a scenario without tests, that it has none', async () => {
    await library.check({ 'scenarios/other.yaml': VALID.scenario });
    const place = library.place('scenarios/other.yaml');
    await expect(runTests([place], { templatesDir: library.place('templates') })).rejects.toThrow(
      `${place} has no tests: write them beside it, into ${path.basename('other')}.test.yaml`,
    );
  });

  test('an audience and a purpose of the test’s own policy are no errors', async () => {
    const own = VALID.policy
      .replace('newsletter: {', 'club: { label: Club, legalBasis: consent }\n  newsletter: {')
      .concat('audiences: { vip: { attribute: status, equals: vip } }\n');
    const policy = `policy:\n${own.replaceAll(/^(?=.)/gm, '  ')}`;
    const files = {
      [FILES.scenario]: VALID.scenario
        .replace('purpose: newsletter', 'purpose: club')
        .replace('reentry: { after: 90d }', 'audience: { audience: vip }'),
      [FILES.test]: VALID.test
        .replace('contacts:\n', `${policy}contacts:\n`)
        .replace('purpose: newsletter', 'purpose: club')
        .replace('    userId: ada\n', '    userId: ada\n    traits: { status: vip }\n'),
    };
    const faults = await library.check(files);
    expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(faults.map(({ message }) => message)).toEqual([
      'club stands only in the policy of welcome.test.yaml',
      'vip stands only in the policy of welcome.test.yaml',
    ]);
    expect(await run(files)).toMatchObject([{ passed: true, details: [] }]);
  });

  test('a block is explained by the gate, the rule and the counter that made it', async () => {
    const [result] = await run({
      [FILES.policy]: VALID.policy.replace('max: 4\n    onBlocked: { hold: 3d }', 'max: 0\n    onBlocked: drop'),
    });
    expect(result!.details[0]).toMatch(/^messages\.0\.outcome: expected sent, got blocked/);
    expect(result!.details.join('\n')).toMatch(
      /email hello was blocked by pressure, no-room, rule weekly-ceiling \(weekly-ceiling 0 of 0\): /,
    );
  });

  test('the times of a held message name the clock they were told by', async () => {
    const quiet = VALID.policy.replace('channels: [sms], allow', 'channels: [email], allow');
    const night = VALID.test.replace('2026-03-02T09:00:00+01:00', '2026-03-02T05:00:00+01:00');
    const [result] = await run({
      [FILES.policy]: quiet,
      [FILES.test]: night.replace('outcome: sent', 'outcome: blocked'),
    });
    expect(result!.details.join('\n')).toMatch(
      /held by quiet-hours until .*08:00.*Times are by the clock of Europe\/Paris\./,
    );
  });

  test('a message whose subject comes out empty is blocked, with its reason', async () => {
    const [result] = await run({
      [FILES.meta]: 'subject: "{{event.title}}"\nsample:\n  event: { title: Hello }\n  data: { code: WELCOME }\n',
      [FILES.test]: VALID.test.replace(
        'outcome: sent',
        'outcome: blocked, gate: template, reason: the subject is empty',
      ),
    });
    expect(result!.details).toEqual([]);
  });
});
