import { addressMark, ConsentService, recordStop, standingOf } from '../../src/consent/index.ts';
import { insertObjection } from '../../src/consent/sql/objection.ts';
import type { Contact, OwnChoice } from '../../src/contacts/index.ts';
import type { Database, Signal, Statement } from '../../src/database/index.ts';
import {
  CALL_COLUMNS,
  loadConsents,
  MESSAGE_COLUMNS,
  PostgresWorld,
  type ConsentWord,
  type Enrollment,
  type InboxItem,
  type Watch,
  type WebhookCall,
} from '../../src/engine/index.ts';
import { eventRow, insertEvents, insertInbox } from '../../src/events/index.ts';
import { CONFIRMATION, type Decision, type Message } from '../../src/gate/index.ts';
import { writeOwnChoice } from '../../src/preferences/sql/own-choice.ts';
import { beginWatching, type Library } from '../../src/scenarios/index.ts';
import type { Instant } from '../../src/shared/clock.ts';
import { lift, restrict } from '../../src/rights/restriction/restriction.store.ts';
import { contactIdOf, laneOf, type Id } from '../../src/shared/ids.ts';
import { EngineRun, keptConsents, type CallOutcome, type Kept, type Outcome } from './engine-run.ts';

const ofContact = <Row>(name: string, select: string): Statement<Row> => ({
  name: `kept-${name}`,
  text: `SELECT ${select}`,
});

const contactRow = ofContact<Contact>(
  'contact',
  `c.id, c.user_id AS "userId", c.email, c.phone, c.first_name AS "firstName", c.last_name AS "lastName", c.birthday, c.locale,
   c.timezone, c.country, c.created_at AS "createdAt", c.attributes FROM contact c WHERE c.lane = $1 AND c.id = $2`,
);
const enrollmentRows = ofContact<Enrollment>(
  'enrollments',
  `e.id, e.contact_id AS "contactId", e.scenario_id AS "scenarioId", e.scenario_version AS "scenarioVersion", e.key, e.status,
   e.state, e.entry, e.entered_at AS "enteredAt", e.step_entered_at AS "stepEnteredAt", e.ended_at AS "endedAt",
   e.converted_at AS "convertedAt", e.due_at AS "dueAt", e.planned, e.reason
   FROM enrollment e WHERE e.lane = $1 AND e.contact_id = $2 ORDER BY e.id`,
);
const watchRows = ofContact<Watch>(
  'watches',
  `w.contact_id AS "contactId", w.scenario_id AS "scenarioId", w.due_at AS "dueAt", w.fired
   FROM watch w WHERE w.lane = $1 AND w.contact_id = $2 ORDER BY w.scenario_id COLLATE "C"`,
);
const messageRows = ofContact<Message>(
  'messages',
  `${MESSAGE_COLUMNS} FROM message m WHERE m.lane = $1 AND m.contact_id = $2 ORDER BY m.id`,
);
const decisionRows = ofContact<Decision>(
  'decisions',
  `d.message_id AS "messageId", d.contact_id AS "contactId", d.ordinal, d.at, d.verdict, d.gate, d.reason, d.rule, d.until,
   d.policy_version AS "policyVersion", d.gates
   FROM decision d WHERE d.lane = $1 AND d.contact_id = $2 ORDER BY d.message_id, d.ordinal`,
);

const callRows = ofContact<WebhookCall>(
  'calls',
  `${CALL_COLUMNS} FROM webhook_call w WHERE w.lane = $1 AND w.contact_id = $2 ORDER BY w.id`,
);

const readyCalls: Statement<WebhookCall> = {
  name: 'test-ready-calls',
  text: `SELECT ${CALL_COLUMNS} FROM webhook_call w WHERE w.status = 'ready'`,
};

const writeCallOutcome: Statement = {
  name: 'test-write-call-outcome',
  text: `
    UPDATE webhook_call SET status = $3, attempts = attempts + 1, settled_at = to_timestamp($4::float8 / 1000)
    WHERE lane = $1 AND id = $2`,
};

const readyRows: Statement<Message> = {
  name: 'test-ready',
  text: `SELECT ${MESSAGE_COLUMNS} FROM message m WHERE m.status = 'ready'`,
};

const sentConfirmations: Statement<{ id: Id; asked: string[] }> = {
  name: 'test-sent-confirmations',
  text: `
    SELECT id, data -> 'asked' AS asked FROM message
    WHERE lane = $1 AND contact_id = $2 AND scenario_id = '${CONFIRMATION}' AND channel = $3 AND data -> 'asked' ? $4 AND status = 'sent'
    ORDER BY planned_at DESC LIMIT 1`,
};

const writeOutcome: Statement = {
  name: 'test-write-outcome',
  text: `
    UPDATE message SET status = $3, settled_at = to_timestamp($4::float8 / 1000),
                       counted_at = CASE WHEN $3 <> 'blocked' AND counted_at IS NOT NULL THEN to_timestamp($4::float8 / 1000) END
    WHERE lane = $1 AND id = $2`,
};

const hitOf = (column: string): Statement<{ id: Id }> => ({
  name: `test-write-${column}`,
  text: `
    UPDATE message SET ${column} = least(${column}, to_timestamp($4::float8 / 1000))
    WHERE lane = $1 AND id = (
      SELECT id FROM message WHERE lane = $1 AND contact_id = $2 AND template = $3 AND status = 'sent'
      ORDER BY settled_at DESC, id LIMIT 1
    )
    RETURNING id`,
});
const writeHit = { clickedAt: hitOf('clicked_at'), openedAt: hitOf('opened_at') };

const TABLES = [
  'inactivity_line',
  'event',
  'inbox',
  'restriction',
  'contact',
  'enrollment',
  'watch',
  'message',
  'decision',
  'webhook_call',
  'consent_state',
  'suppression',
  'suppressed_address',
  'withdrawn_address',
  'address',
];

/** Empties what belongs to contacts; quicker than TRUNCATE while there is little. */
export async function forgetContacts(database: Database): Promise<void> {
  // Sent together in one transaction: one journey there and back.
  await database.transaction((sql) =>
    Promise.all(TABLES.map((table) => sql.run({ name: `forget-${table}`, text: `DELETE FROM ${table}` }))),
  );
}

const NO_SIGNAL = { wake: () => {} } as Signal;
const NO_PROOF = {
  source: { kind: 'test', reference: null },
  textVersion: null,
  text: null,
  ip: null,
  userAgent: null,
};

/** The engine on PostgreSQL, under a virtual clock and with a virtual provider, as the dispatcher would tell of it. */
export class PostgresRun extends EngineRun {
  private readonly consents: ConsentService;

  constructor(
    private readonly database: Database,
    library: Library,
    start: Instant,
  ) {
    super(new PostgresWorld(database), library, start);
    this.consents = new ConsentService(database, NO_SIGNAL, this.sequence, this.clock);
  }

  override async kept(contactId: Id): Promise<Kept> {
    const key = [laneOf(contactId), contactId];
    return {
      contact: (await this.database.run(contactRow, key))[0] ?? null,
      enrollments: await this.database.run(enrollmentRows, key),
      watches: await this.database.run(watchRows, key),
      messages: await this.database.run(messageRows, key),
      decisions: await this.database.run(decisionRows, key),
      calls: await this.database.run(callRows, key),
      consents: keptConsents(await this.database.run(loadConsents, [[key[0]], [contactId]])),
    };
  }

  override watchAgain(scenarioId: string): Promise<void> {
    const { definition } = this.library.live.find(({ id }) => id === scenarioId)!;
    return this.database.transaction((sql) =>
      beginWatching(sql, definition, this.library.policy.policy, this.clock.now()),
    );
  }

  protected override async store(item: InboxItem): Promise<void> {
    if (item.kind === 'event') {
      await insertEvents(this.database, [eventRow(item.event)]);
      return;
    }
    const { contactId, seq, receivedAt, kind, ...body } = item;
    await insertInbox(this.database, [{ contactId, seq, receivedAt, kind, body }]);
  }

  protected override writeConsent(contactId: Id, { at: _now, ...word }: ConsentWord): Promise<void> {
    const told = { ...word, at: null, ...NO_PROOF };
    return this.consents.record(contactId, [told], this.library.policy.compiled.doubleOptIn);
  }

  protected override async writeConfirmation(contactId: Id, channel: string, purpose: string): Promise<void> {
    const lane = laneOf(contactId);
    const [mail] = await this.database.run(sentConfirmations, [lane, contactId, channel, purpose]);
    const [contact] = await this.database.run(contactRow, [lane, contactId]);
    const email = contact?.email ?? null;
    if (mail === undefined || email === null) return;
    const states = await this.database.run(loadConsents, [[lane], [contactId]]);
    const state = states.find((each) => each.channel === channel && each.purpose === purpose);
    const mark = state?.addressMark ?? addressMark(email);
    const link = { channel, purposes: mail.asked, messageId: mail.id, addressMark: mark };
    const now = this.clock.now();
    await this.consents.confirm(contactId, link, { ip: null, userAgent: null }, (seen) =>
      standingOf(contactId, link, seen, { email, objects: false }, now),
    );
  }

  protected override async writeObjection(contactId: Id): Promise<void> {
    await this.database.run(insertObjection, [laneOf(contactId), contactId, this.clock.now()]);
  }

  protected override async writeStop(contactId: Id, sender: string): Promise<void> {
    const [contact] = await this.database.run(contactRow, [laneOf(contactId), contactId]);
    const phone = contact?.phone ?? null;
    if (phone !== null)
      await this.database.transaction((sql) => recordStop(sql, phone, 'stop', [sender], this.clock.now()));
  }

  override async restrict(user: string): Promise<void> {
    await this.database.transaction((sql) => restrict(sql, contactIdOf(user), this.clock.now()));
  }

  override async lift(user: string): Promise<void> {
    await this.database.transaction((sql) => lift(sql, contactIdOf(user), this.sequence.next(), this.clock.now()));
  }

  protected override async writeChoice(contactId: Id, choice: Partial<OwnChoice>): Promise<void> {
    await this.database.run(writeOwnChoice, [laneOf(contactId), contactId, JSON.stringify(choice)]);
  }

  protected override takeReady(): Promise<Message[]> {
    return this.database.run(readyRows);
  }

  protected override async writeOutcome(
    { id, contactId, enrollmentId, step }: Message,
    outcome: Outcome,
  ): Promise<void> {
    await this.database.run(writeOutcome, [laneOf(id), id, outcome, this.clock.now()]);
    await this.arrive({ kind: 'settled', contactId, messageId: id, enrollmentId, step, outcome });
  }

  protected override async writeHit(
    contactId: Id,
    template: string,
    column: 'clickedAt' | 'openedAt',
  ): Promise<Id | null> {
    const [row] = await this.database.run(writeHit[column], [laneOf(contactId), contactId, template, this.clock.now()]);
    return row?.id ?? null;
  }

  protected override takeCalls(): Promise<WebhookCall[]> {
    return this.database.run(readyCalls);
  }

  protected override async writeCallOutcome(call: WebhookCall, outcome: CallOutcome): Promise<void> {
    const { id: callId, contactId, enrollmentId, step } = call;
    await this.database.run(writeCallOutcome, [laneOf(callId), callId, outcome, this.clock.now()]);
    await this.arrive({ kind: 'called', contactId, callId, enrollmentId, step, outcome });
  }
}
