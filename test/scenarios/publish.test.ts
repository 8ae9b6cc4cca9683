import { PostgresWorld, tick } from '../../src/engine/index.ts';
import { fates, type InFlight, type InFlightChoice, type StepMap } from '../../src/scenarios/in-flight.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { UserError } from '../../src/shared/errors.ts';
import { sha256 } from '../../src/shared/hash.ts';
import { LibraryService } from '../../src/scenarios/library.service.ts';
import { isEmpty, type Publishable, type PublishPlan } from '../../src/scenarios/plan.ts';
import { PublishService } from '../../src/scenarios/publish.service.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { POLICY, publishable } from './sources.ts';

const NOW = Date.parse('2026-03-02T08:00:00Z');
const WAIT = 'steps: { pause: { wait: 1d } }';
const BIRTHDAY = `trigger: { date: birthday, at: "09:00", yearly: true }\n${WAIT}`;
const TOKYO = POLICY.replace('Europe/Paris', 'Asia/Tokyo');
const CONTACTS = ['01000000-0000-5000-8000-000000000001', '42000000-0000-5000-8000-000000000002'];

let db: TestDatabase;
let publisher: PublishService;
const clock = new VirtualClock(NOW);

beforeEach(async () => {
  db = await createTestDatabase();
  publisher = new PublishService(db.database);
});
afterEach(() => db.close());

const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  db.database.run<Row>({ name: sha256(text).slice(0, 63), text }, values);
const kinds = ({ scenarios, policy, templates }: PublishPlan): string[] =>
  [...scenarios, ...(policy === null ? [] : [policy]), ...templates].map(
    ({ id, kind, from, version }) => `${id} ${kind} ${from}→${version}`,
  );
const addContacts = () =>
  sql(`INSERT INTO contact (lane, id, created_at) SELECT 1, id, to_timestamp(0) FROM unnest($1::uuid[]) AS id`, [
    CONTACTS,
  ]);
const watches = () =>
  sql<{ contact: string; scenario: string; due: number | null; fired: object }>(
    'SELECT contact_id AS contact, scenario_id AS scenario, due_at AS due, fired FROM watch ORDER BY 2, 1',
  );

describe('publishing', () => {
  test('makes the first versions, and the same files again change nothing', async () => {
    const files = publishable(
      { b: WAIT, a: WAIT },
      { templates: [{ id: 'mail-a', files: { 'meta.yaml': 'subject: A' } }] },
    );
    const plan = await publisher.apply(files, NOW);
    expect(kinds(plan)).toEqual(['a new null→1', 'b new null→1', 'policy new null→1', 'mail-a new null→1']);
    const again = await publisher.apply(files, NOW + 1);
    expect(isEmpty(again)).toBe(true);
    expect(await sql('SELECT revision FROM library')).toEqual([{ revision: 1 }]);
  });

  test("line ends and the order of a template's files are no change", async () => {
    await publisher.apply(
      publishable({ a: WAIT }, { templates: [{ id: 't', files: { 'a.hbs': 'a', 'b.hbs': 'b' } }] }),
      NOW,
    );
    const other = publishable({ a: WAIT }, { templates: [{ id: 't', files: { 'b.hbs': 'b', 'a.hbs': 'a' } }] });
    const files = {
      ...other,
      scenarios: other.scenarios.map((file) => ({ ...file, source: file.source.replaceAll('\n', '\r\n') })),
    };
    expect(isEmpty(await publisher.plan(files))).toBe(true);
  });

  test('D8: a change is a new version, and the one before stays as it was', async () => {
    await publisher.apply(publishable({ a: WAIT }), NOW);
    const before = await sql('SELECT * FROM scenario_version');
    const plan = await publisher.apply(publishable({ a: 'steps: { pause: { wait: 2d } }' }), NOW + 1);
    expect(kinds(plan)).toEqual(['a changed 1→2', 'policy unchanged 1→1']);
    expect(await sql('SELECT * FROM scenario_version WHERE version = 1')).toEqual(before);
  });

  test('L14: not while the register of processing would lack something of a live scenario', async () => {
    await publisher.apply(publishable({ a: WAIT, b: `owner: crm@example.com\n${WAIT}` }), NOW);
    const faultsOf = async (files: Publishable): Promise<string[]> => {
      const plan = publisher.plan(files).then(isEmpty);
      const error = await plan.catch((refused: unknown) => refused);
      return error instanceof UserError ? error.faults.map(({ file, line, code }) => `${file}:${line} ${code}`) : [];
    };
    const alone = (policy: string, scenarios: Record<string, string> = {}): Publishable =>
      publishable(scenarios, { policy: { source: policy }, complete: false });
    // A policy alone that takes the purpose, and its legal basis, away; or that asks everybody for an owner.
    const offers = POLICY.replace('{ newsletter:', '{ offers:');
    expect(await faultsOf(alone(offers))).toEqual([
      'scenarios/a.yaml:5 unknown-purpose',
      'scenarios/b.yaml:5 unknown-purpose',
    ]);
    const controlled = `${POLICY}controller: { name: Acme, address: Paris, contact: dpo@example.com }\n`;
    expect(await faultsOf(alone(controlled))).toEqual(['scenarios/a.yaml:1 missing-owner']);
    expect(await faultsOf(alone(controlled, { a: `owner: crm@example.com\n${WAIT}` }))).toEqual([]);
    expect(await faultsOf(publishable({ b: WAIT }, { policy: { source: controlled } }))).toEqual([
      'scenarios/b.yaml:1 missing-owner',
    ]);
    // One that was linted by a policy that is not published.
    expect(
      await faultsOf(
        publishable(
          { c: `steps: { hi: { send: { channel: email, template: t, purpose: offers } } }` },
          { policy: null, complete: false },
        ),
      ),
    ).toEqual(['scenarios/c.yaml:8 unknown-purpose']);
    // What goes needs nothing.
    expect(await faultsOf(publishable({}, { policy: { source: offers } }))).toEqual([]);
  });

  test('what is gone is retired, and what comes back is a new version', async () => {
    await publisher.apply(publishable({ a: WAIT, b: WAIT }), NOW);
    expect(kinds(await publisher.apply(publishable({ a: WAIT }), NOW + 1))).toContain('b retired 1→1');
    const library = new LibraryService(db.database, clock);
    expect((await library.current()).live.map(({ id }) => id)).toEqual(['a']);
    expect((await library.current()).scenario('b', 1)).toBeDefined();
    expect(isEmpty(await publisher.plan(publishable({ a: WAIT })))).toBe(true);
    expect(kinds(await publisher.apply(publishable({ a: WAIT, b: WAIT }), NOW + 2))).toContain('b new 1→2');
    expect((await library.refresh()).live.map(({ id, version }) => [id, version])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('some files alone retire nothing', async () => {
    await publisher.apply(publishable({ a: WAIT, b: WAIT }), NOW);
    expect(isEmpty(await publisher.plan(publishable({ a: WAIT }, { complete: false, policy: null })))).toBe(true);
  });

  test('without any policy there is nothing to run by', async () => {
    await expect(publisher.plan(publishable({ a: WAIT }, { policy: null }))).rejects.toThrow(
      'No policy has been published yet',
    );
    await expect(new LibraryService(db.database, clock).current()).rejects.toThrow(
      'Nothing has been published yet: run `relance apply`',
    );
  });

  test('a plan is refused once something else was published', async () => {
    const plan = await publisher.plan(publishable({ a: WAIT }));
    await publisher.apply(publishable({ b: WAIT }), NOW);
    await expect(publisher.publish(plan, NOW)).rejects.toThrow('Something else was published since this plan was made');
    expect(await sql('SELECT scenario_id FROM scenario_version')).toEqual([{ scenario_id: 'b' }]);
  });

  test('processes that start at once with the same files publish them once', async () => {
    const files = publishable({ a: WAIT, b: BIRTHDAY });
    await Promise.all(Array.from({ length: 6 }, () => new PublishService(db.database).apply(files, NOW)));
    expect(await sql('SELECT revision FROM library')).toEqual([{ revision: 1 }]);
    expect(await sql('SELECT scenario_id, version FROM scenario_version ORDER BY 1')).toHaveLength(2);
  });

  test('a publication that fails half-way leaves nothing', async () => {
    const plan = await publisher.plan(publishable({ a: WAIT, b: BIRTHDAY }));
    await sql('ALTER TABLE watch RENAME TO hidden');
    await expect(publisher.publish(plan, NOW)).rejects.toThrow();
    expect(await sql('SELECT * FROM scenario_version')).toEqual([]);
    expect(await sql('SELECT revision FROM library')).toEqual([{ revision: 0 }]);
  });

  test('says who is inside which step of what changes', async () => {
    await publisher.apply(publishable({ a: WAIT, b: WAIT }), NOW);
    await sql(
      `INSERT INTO enrollment (lane, contact_id, id, scenario_id, scenario_version, status, state, entered_at, step_entered_at, ended_at)
       SELECT 1, gen_random_uuid(), gen_random_uuid(), s, 1, 'waiting', jsonb_build_object('value', step), to_timestamp(0), to_timestamp(0),
         CASE WHEN ended THEN to_timestamp(1) END
       FROM (VALUES ('a', 'pause', false), ('a', 'pause', false), ('a', 'hello', false), ('a', 'end', true), ('b', 'pause', false)) AS v (s, step, ended)`,
    );
    const plan = await publisher.plan(publishable({ a: 'steps: { pause: { wait: 2d } }', b: WAIT, c: WAIT }));
    const standing = await publisher.standing(plan);
    expect(fates(plan, { inFlight: 'finish' }, standing)).toEqual([
      { id: 'a', step: 'pause', people: 2, becomes: 'finish' },
      { id: 'a', step: 'hello', people: 1, becomes: 'finish' },
    ]);
    const becomes = (choice: InFlightChoice) => fates(plan, choice, standing).map((fate) => fate.becomes);
    expect(becomes({ inFlight: 'stop' })).toEqual(['stop', 'stop']);
    expect(becomes({ inFlight: 'migrate' })).toEqual(['migrate', 'lost']);
    expect(becomes({ inFlight: 'migrate', maps: new Map([['a', { hello: null }]]) })).toEqual(['migrate', 'stop']);
  });
});

describe('people in flight', () => {
  const NEXT = { a: 'steps: { pause: { wait: 2d } }', b: 'steps: { rest: { wait: 2d } }' };
  const notes = () =>
    sql<{ contact: string; body: object }>('SELECT contact_id AS contact, body FROM inbox ORDER BY id');
  const states = () =>
    sql(`SELECT scenario_id AS id, scenario_version AS version, status, reason FROM enrollment ORDER BY 1, contact_id`);

  /** One contact inside `a` twice, the other inside `a` and `b`; what has ended does not count. */
  beforeEach(async () => {
    await addContacts();
    await sql('UPDATE contact SET lane = get_byte(uuid_send(id), 0) % 64');
    await publisher.apply(publishable({ a: WAIT, b: WAIT }), NOW);
    await sql(
      `INSERT INTO enrollment (lane, contact_id, id, scenario_id, scenario_version, key, status, state, entered_at, step_entered_at, ended_at)
       SELECT get_byte(uuid_send(contact::uuid), 0) % 64, contact::uuid, overlay(gen_random_uuid()::text PLACING left(contact, 2) FROM 1 FOR 2)::uuid,
         s, 1, k, 'waiting', '{"value": "pause", "context": {}}', to_timestamp(0), to_timestamp($3::float8 / 1000),
         CASE WHEN ended THEN to_timestamp(1) END
       FROM (VALUES ($1, 'a', '1', false), ($1, 'a', '2', false), ($1, 'b', '', true), ($2, 'a', '', false), ($2, 'b', '', false)) AS v (contact, s, k, ended)`,
      [...CONTACTS, NOW],
    );
  });

  async function publish(
    files: ReturnType<typeof publishable>,
    inFlight: InFlight = 'finish',
    map?: StepMap,
  ): Promise<void> {
    const maps = map === undefined ? undefined : new Map([['b', map]]);
    await publisher.publish(await publisher.plan(files), NOW + 1, { inFlight, maps });
  }

  test('D8: finish in the version of the entry when nothing else is said', async () => {
    await publish(publishable(NEXT));
    expect(await notes()).toEqual([]);
  });

  test('the engine is told once a contact and scenario, and moves them on', async () => {
    await publish(publishable(NEXT), 'migrate');
    expect((await notes()).map(({ contact, body }) => ({ contact, ...body }))).toEqual(
      expect.arrayContaining([
        { contact: CONTACTS[0], scenarioId: 'a', version: 2, inFlight: 'migrate' },
        { contact: CONTACTS[1], scenarioId: 'a', version: 2, inFlight: 'migrate' },
        { contact: CONTACTS[1], scenarioId: 'b', version: 2, inFlight: 'migrate' },
      ]),
    );
    expect(await notes()).toHaveLength(3);
    const library = await new LibraryService(db.database, clock).current();
    await tick(new PostgresWorld(db.database), library, NOW + 2, { items: 100, lanes: 64 });
    expect(await notes()).toEqual([]);
    const moved = { id: 'a', version: 2, status: 'waiting', reason: null };
    const lost = { id: 'b', version: 1, status: 'stopped' };
    expect(await states()).toMatchObject([moved, moved, moved, { id: 'b', status: 'waiting' }, lost]);
  });

  test('a map reaches the engine: whose step has another name goes on under it, another is stopped', async () => {
    await publish(publishable(NEXT), 'migrate', { pause: 'rest', rest: null });
    expect((await notes()).map(({ body }) => body)).toContainEqual({
      scenarioId: 'b',
      version: 2,
      inFlight: 'migrate',
      map: { pause: 'rest', rest: null },
    });
    const library = await new LibraryService(db.database, clock).current();
    await tick(new PostgresWorld(db.database), library, NOW + 2, { items: 100, lanes: 64 });
    expect(await states()).toContainEqual({ id: 'b', version: 2, status: 'waiting', reason: null });
  });

  test('a retired scenario stops them only when asked to; migrating there is nowhere to go', async () => {
    const plan = await publisher.plan(publishable({ a: WAIT }));
    expect(fates(plan, { inFlight: 'migrate' }, await publisher.standing(plan))).toEqual([
      { id: 'b', step: 'pause', people: 1, becomes: 'finish' },
    ]);
    await publish(publishable({ a: WAIT }), 'stop');
    expect(await notes()).toEqual([
      { contact: CONTACTS[1], body: { scenarioId: 'b', version: null, inFlight: 'stop' } },
    ]);
  });

  test('without a change nobody is touched', async () => {
    await publish(publishable({ a: WAIT, b: WAIT }), 'stop');
    expect(await notes()).toEqual([]);
  });
});

describe('watches', () => {
  beforeEach(addContacts);

  test('a new trigger of time looks at every contact now, other triggers at none', async () => {
    await publisher.apply(
      publishable({
        a: WAIT,
        b: BIRTHDAY,
        c: `trigger: { inactivity: 30d, activity: [Order Completed] }\n${WAIT}`,
        d: `trigger: { rrule: FREQ=WEEKLY, at: "09:00" }\n${WAIT}`,
      }),
      NOW,
    );
    expect(await watches()).toEqual(
      ['b', 'c', 'd'].flatMap((scenario) => CONTACTS.map((contact) => ({ contact, scenario, due: NOW, fired: {} }))),
    );
  });

  test('T5: a changed trigger looks again and keeps what has fired; a change elsewhere does not look', async () => {
    await publisher.apply(publishable({ b: BIRTHDAY }), NOW);
    await sql(`UPDATE watch SET due_at = to_timestamp(9e9), fired = '{"year": 2026}'`);
    await publisher.apply(publishable({ b: BIRTHDAY.replace('1d', '2d') }), NOW + 1);
    expect((await watches()).map(({ due }) => due)).toEqual([9e12, 9e12]);
    await publisher.apply(publishable({ b: BIRTHDAY.replace('09:00', '10:00') }), NOW + 2);
    expect(await watches()).toEqual(
      CONTACTS.map((contact) => ({ contact, scenario: 'b', due: NOW + 2, fired: { year: 2026 } })),
    );
  });

  test('a changed time zone of the policy looks again at all of them', async () => {
    await publisher.apply(publishable({ a: WAIT, b: BIRTHDAY }), NOW);
    await publisher.apply(publishable({ a: WAIT, b: BIRTHDAY }, { policy: { source: TOKYO } }), NOW + 1);
    expect((await watches()).map(({ scenario, due }) => [scenario, due])).toEqual([
      ['b', NOW + 1],
      ['b', NOW + 1],
    ]);
    await publisher.apply(
      publishable({ a: WAIT, b: BIRTHDAY }, { policy: { source: `${TOKYO}lateEvents: 12h\n` } }),
      NOW + 2,
    );
    expect((await watches()).map(({ due }) => due)).not.toContain(NOW + 2);
  });

  test('an audience is looked at anew when its condition changes, here or in the policy, also by a policy alone', async () => {
    const vip = (condition: string): Publishable['policy'] => ({
      source: `${POLICY}audiences: { loyal: { audience: vip }, vip: ${condition} }\n`,
    });
    const [old, changed] = [vip('{ event: Bought }'), vip('{ event: Paid }')];
    const scenarios = { a: `trigger: { enters: { audience: loyal } }\n${WAIT}`, b: BIRTHDAY };
    const due = async (): Promise<number[]> =>
      (await watches()).filter(({ scenario }) => scenario === 'a').map((each) => Number(each.due));
    await publisher.apply(publishable(scenarios, { policy: old }), NOW);
    await sql(`UPDATE watch SET fired = '{"inside": true, "year": 2026}'`);
    await publisher.apply(publishable({ ...scenarios, b: WAIT }, { policy: old }), NOW + 1);
    expect(await due()).toEqual([NOW, NOW]);
    await publisher.apply(publishable({}, { policy: changed, complete: false }), NOW + 2);
    expect(await due()).toEqual([NOW + 2, NOW + 2]);
    expect((await watches())[0]!.fired).toEqual({ year: 2026 });
    const enters = `trigger: { enters: { event: Bought } }\n${WAIT}`;
    await publisher.apply(publishable({ a: enters }, { policy: changed }), NOW + 3);
    await publisher.apply(publishable({ a: enters.replace('enters', 'leaves') }, { policy: changed }), NOW + 4);
    expect(await due()).toEqual([NOW + 4, NOW + 4]);
  });

  test('C1: an audience that asks about messages is looked at anew when the policy has other brands', async () => {
    const reads = 'audiences: { readers: { message: {}, is: opened } }\n';
    const branded = `${POLICY}${reads}brands: { acme: { label: Acme, senders: [brand] } }\n`;
    const scenarios = {
      a: `trigger: { enters: { audience: readers } }\n${WAIT}`,
      b: `trigger: { enters: { event: Bought } }\n${WAIT}`,
    };
    await publisher.apply(publishable(scenarios, { policy: { source: `${POLICY}${reads}` } }), NOW);
    await publisher.apply(publishable({}, { policy: { source: branded }, complete: false }), NOW + 1);
    expect((await watches()).map(({ scenario, due }) => [scenario, due])).toEqual([
      ['a', NOW + 1],
      ['a', NOW + 1],
      ['b', NOW],
      ['b', NOW],
    ]);
  });

  test('a retired scenario, or one that gets another trigger, looks at nobody any more', async () => {
    await publisher.apply(publishable({ b: BIRTHDAY, c: BIRTHDAY }), NOW);
    await publisher.apply(publishable({ c: WAIT }), NOW + 1);
    expect((await watches()).map(({ due }) => due)).toEqual([null, null, null, null]);
    await publisher.apply(publishable({ b: BIRTHDAY, c: WAIT }), NOW + 2);
    expect((await watches()).map(({ due }) => due)).toEqual([NOW + 2, NOW + 2, null, null]);
  });

  test('engines of other processes are woken with the commit', async () => {
    const listener = db.dataSource.createQueryRunner();
    const client = (await listener.connect()) as import('pg').Client;
    const woken = new Promise((resolve) => client.once('notification', resolve));
    await client.query('LISTEN relance_wake');
    await publisher.apply(publishable({ a: WAIT }), NOW);
    await expect(woken).resolves.toMatchObject({ channel: 'relance_wake' });
    await client.query('UNLISTEN *');
    await listener.release();
  });
});

describe('the library service', () => {
  test('loads once a revision, and looks at the revision at most once a second', async () => {
    const time = new VirtualClock(NOW);
    const library = new LibraryService(db.database, time);
    await publisher.apply(publishable({ a: WAIT }), NOW);
    const [first, same] = await Promise.all([library.current(), library.current()]);
    expect(same).toBe(first);
    await publisher.apply(publishable({ a: WAIT, b: WAIT }), NOW);
    const before = db.database.statements;
    expect(await library.current()).toBe(first);
    expect(db.database.statements).toBe(before);
    time.moveTo(NOW + 1000);
    const second = await library.current();
    expect(second.live.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(second.live[0]).toBe(first.live[0]);
    expect(await library.refresh()).toBe(second);
  });
});
