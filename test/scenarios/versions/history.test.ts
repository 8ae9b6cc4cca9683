import { compareVersions } from '../../../src/scenarios/versions/compare.service.ts';
import { HistoryStore } from '../../../src/scenarios/versions/history.store.ts';
import { parseReference } from '../../../src/scenarios/versions/reference.ts';
import { readyVersion } from '../../../src/scenarios/versions/rollback.service.ts';
import { planPublication } from '../../../src/scenarios/plan.ts';
import { PublishService } from '../../../src/scenarios/publish.service.ts';
import { VersionStore } from '../../../src/scenarios/version.store.ts';
import { ADMIN, basic, startService, type TestService } from '../../support/service.ts';
import { POLICY, publishable } from '../sources.ts';

const NOW = Date.parse('2026-03-02T08:00:00Z');
const WAIT = 'exit: [{ event: Left }]\nsteps: { pause: { wait: 1d } }';
const LONGER = WAIT.replace('1d', '2d');
const MAIL = 'exit: [{ event: Left }]\nsteps: { hello: { send: { channel: email, template: mail-a } } }';
const HTML = '<p>Hello</p><a href="{{links.unsubscribe}}">Unsubscribe</a>';
const mail = (subject: string) => ({
  id: 'mail-a',
  files: { 'email.html.hbs': HTML, 'meta.yaml': `subject: ${subject}\npreheader: Hello\n` },
});
const policy = {
  source: POLICY.replace('email: hello@example.com', 'email: hello@example.com, address: 1 rue de la Paix'),
};

let service: TestService;
let publisher: PublishService;
let history: HistoryStore;

/** hello: wait, longer, retired, a mail. */
beforeAll(async () => {
  service = await startService();
  publisher = new PublishService(service.db.database);
  history = new HistoryStore(service.db.database);
  const apply = (scenarios: Record<string, string>, at: number, subject = 'A') =>
    publisher.apply(publishable(scenarios, { policy, templates: [mail(subject)] }), at);
  await apply({ hello: WAIT, other: WAIT }, NOW);
  await apply({ hello: LONGER, other: WAIT }, NOW + 1000);
  await apply({ hello: LONGER }, NOW + 2000, 'B');
  await apply({ hello: MAIL }, NOW + 3000, 'B');
  await service.db.database.run({
    name: 'inside',
    text: `INSERT INTO enrollment (lane, contact_id, id, scenario_id, scenario_version, status, state, entered_at, step_entered_at)
           SELECT 1, gen_random_uuid(), gen_random_uuid(), 'hello', v, 'waiting', '{"value": "pause"}', now(), now() FROM unnest('{1,1,3}'::int[]) AS v`,
  });
});
afterAll(() => service.close());

const rollback = async (reference: string) =>
  publisher.plan((await readyVersion(history, parseReference(reference))).files);

test('versions are listed with their state, and how many people are inside each', async () => {
  const listed = (await history.allVersions('scenario')).map(({ id, version, state, people, path }) => [
    id,
    version,
    state,
    people,
    path,
  ]);
  expect(listed).toEqual([
    ['hello', 3, 'live', 1, 'scenarios/hello.yaml'],
    ['hello', 2, 'replaced', 0, 'scenarios/hello.yaml'],
    ['hello', 1, 'replaced', 2, 'scenarios/hello.yaml'],
    ['other', 1, 'retired', 0, 'scenarios/other.yaml'],
  ]);
  expect(
    (await history.versionsOf({ kind: 'template', id: 'mail-a' })).map(({ version, state }) => [version, state]),
  ).toEqual([
    [2, 'live'],
    [1, 'replaced'],
  ]);
  expect((await history.current()).map(({ id, version }) => [id, version])).toEqual([
    ['policy', 1],
    ['hello', 3],
    ['mail-a', 2],
  ]);
});

test('D8: an old version is published as a new one, and none is touched', async () => {
  expect((await rollback('hello@1')).scenarios).toMatchObject([{ id: 'hello', kind: 'changed', from: 3, version: 4 }]);
  expect((await rollback('other@1')).scenarios).toMatchObject([{ id: 'other', kind: 'new', from: 1, version: 2 }]);
  expect((await rollback('hello@3')).scenarios).toMatchObject([{ kind: 'unchanged' }]);
  expect((await rollback('template:mail-a@1')).templates).toMatchObject([{ kind: 'changed', from: 2, version: 3 }]);
  expect((await rollback('policy@1')).policy).toMatchObject({ kind: 'unchanged' });
});

test('an old version that no longer goes together with the rest is refused with its faults', async () => {
  const before = await publisher.plan(publishable({}, { complete: false, policy }));
  await publisher.publish(before, NOW);
  const moved = { source: policy.source.replaceAll('newsletter', 'letter').replace('Newsletter', 'Letter') };
  // As it may stand where it was published before this was refused.
  const heads = await new VersionStore(service.db.database).headsForPlan();
  await publisher.publish(planPublication(publishable({}, { complete: false, policy: moved }), heads), NOW + 4000);
  await expect(readyVersion(history, parseReference('hello@1'))).rejects.toMatchObject({
    message: 'hello@1 does not go together with what is published now',
    faults: [{ code: 'unknown-purpose', file: 'scenarios/hello.yaml' }],
  });
  await publisher.apply(publishable({}, { complete: false, policy }), NOW + 5000);
  await expect(readyVersion(history, parseReference('policy@2'))).rejects.toMatchObject({
    faults: [{ code: 'unknown-purpose' }],
  });
});

test('what was never published is named with what there is', async () => {
  await expect(rollback('hello@9')).rejects.toThrow('Scenario hello has no version 9: it has 1, 2, 3');
  await expect(rollback('helo@1')).rejects.toThrow('No scenario helo has been published: did you mean hello?');
  await expect(rollback('template:mail@1')).rejects.toThrow('No template mail has been published');
});

test('two versions are compared, whatever place they were published from', async () => {
  expect(await compareVersions(history, 'hello@1', 'hello@2')).toMatchObject([
    { name: 'hello', before: { label: 'version 1', file: 'hello.yaml' }, after: { label: 'version 2' } },
  ]);
  expect(await compareVersions(history, 'hello@2', 'hello@2')).toEqual([]);
  expect(await compareVersions(history, 'template:mail-a@1', 'template:mail-a@2')).toMatchObject([
    { after: { file: 'meta.yaml' } },
  ]);
  await expect(compareVersions(history, 'hello@1', 'other@1')).rejects.toThrow('not versions of the same thing');
});

describe('over HTTP', () => {
  const get = async (path: string, signedIn = true) => {
    const headers: Record<string, string> = signedIn ? { authorization: basic(ADMIN.email, ADMIN.password) } : {};
    const answer = await fetch(`${service.url}/api/${path}`, { headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  test('S1: versions need an account', async () => {
    expect((await get('scenarios/hello/versions', false)).status).toBe(401);
  });

  test('lists and tells versions of scenarios, the policy and templates', async () => {
    const { body } = await get('scenarios/hello/versions');
    expect(body['versions']).toMatchObject([
      { version: 3, state: 'live', people: 1, publishedAt: '2026-03-02T08:00:03.000Z' },
      { version: 2 },
      { version: 1, people: 2 },
    ]);
    expect((await get('scenarios/hello/versions/2')).body).toMatchObject({
      version: 2,
      path: 'scenarios/hello.yaml',
      source: expect.stringContaining('wait: 2d') as string,
    });
    expect((await get('policy/versions/1')).body).toMatchObject({ version: 1, source: policy.source });
    expect((await get('templates/mail-a/versions/1')).body).toMatchObject({ files: mail('A').files });
    expect((await get('templates/mail-a/versions')).body['versions']).toHaveLength(2);
    expect((await get('policy/versions')).status).toBe(200);
  });

  test.each([
    ['scenarios/helo/versions', 'No scenario helo has been published: did you mean hello?'],
    ['scenarios/hello/versions/9', 'Scenario hello has no version 9: it has 1, 2, 3'],
    ['scenarios/hello/versions/x', 'Scenario hello has no version x: it has 1, 2, 3'],
    ['policy/versions/99', 'The policy has no version 99'],
  ])('%s is a problem that says what there is', async (path, title) => {
    const { status, body } = await get(path);
    expect([status, body['title']]).toEqual([404, expect.stringContaining(title)]);
  });

  test('S6: publications are in the audit log, with what became of people in flight', async () => {
    const { body } = await get('audit?subject=hello');
    expect(body['records']).toMatchObject([
      { actor: 'system:start', action: 'scenario.publish', details: { version: 3, from: 2, inFlight: 'finish' } },
      { details: { version: 2, from: 1 } },
      { details: { version: 1, from: null } },
    ]);
    expect((await get('audit?subject=other')).body['records']).toMatchObject([{ action: 'scenario.retire' }, {}]);
  });
});
