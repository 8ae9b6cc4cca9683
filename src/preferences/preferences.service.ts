import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.ts';
import { CLOCK } from '../config/index.ts';
import {
  addresseeOf,
  appendToLedgers,
  asConfirmable,
  closesPurpose,
  CONSENT_CATALOGUE,
  holdAddressesOf,
  holdContact,
  OBJECTION,
  recordObjection,
  referenceOf,
  Turnstile,
  withdrawAtAddresses,
  type ConsentCatalogue,
  type ConsentState,
  type DoubleOptIn,
  type Suppression,
} from '../consent/index.ts';
import type { Contact, OwnChoice } from '../contacts/index.ts';
import { Database, Signal, type Sql } from '../database/index.ts';
import { loadConsents, loadContacts, loadSuppressions } from '../engine/index.ts';
import { insertInbox } from '../events/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { Sequence } from '../shared/sequence.ts';
import { decide, type Wish } from './decide.ts';
import type { Choosable } from './offer.ts';
import { writeOwnChoice } from './sql/own-choice.ts';

/** How a person stands now. */
export interface Standing {
  contact: Contact;
  own: Omit<OwnChoice, 'language'>;
  consents: ConsentState[];
  /** To direct marketing as a whole (GDPR Art. 21). */
  objects: boolean;
}

/** Who said it and in which words, for the ledger (rule C2). */
export interface Voice {
  source: { kind: string; reference: string | null };
  words: (of: Choosable) => { text: string | null; textVersion: string | null };
  ip: string | null;
  userAgent: string | null;
  /** Who asked on the person's behalf, for the audit log; absent for the person. */
  actor?: string;
}

/** Saves of this process at one time; each may wait for a provider, and holds a connection meanwhile. */
const SAVERS = 2;

/** What people choose of how they are written to. */
@Injectable()
export class PreferencesService {
  private readonly savers = new Turnstile(SAVERS);

  constructor(
    private readonly database: Database,
    private readonly signal: Signal,
    private readonly sequence: Sequence,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONSENT_CATALOGUE) private readonly catalogue: ConsentCatalogue,
  ) {}

  /** How a person stands; null when nothing is kept of anybody under that id. */
  standing(contactId: Id): Promise<Standing | null> {
    return standingOf(this.database, contactId);
  }

  /**
   * Writes down what a person wishes, all of it or nothing; what is as it was leaves nothing behind. When it returns it is
   * committed, and no message that it forbids is handed over any more (rule D4). Null when nothing is kept of the person.
   * @param all everything that the policy lets people choose, of every brand
   */
  async save(contactId: Id, wish: Wish, all: readonly Choosable[], voice: Voice): Promise<Standing | null> {
    const rule = await this.catalogue.doubleOptIn();
    const saved = await this.savers.through(() =>
      this.database.transaction(async (sql) => {
        const now = this.clock.now();
        await holdContact(sql, contactId);
        const before = await standingOf(sql, contactId);
        if (before === null) return null;
        await this.write(sql, before, wish, all, { ...voice, rule }, now);
        return standingOf(sql, contactId);
      }),
    );
    this.signal.wake();
    return saved;
  }

  private async write(
    sql: Sql,
    before: Standing,
    wish: Wish,
    all: readonly Choosable[],
    { rule, ...voice }: Voice & { rule: DoubleOptIn | null },
    now: Instant,
  ): Promise<void> {
    const contactId = before.contact.id;
    const { said, objection } = decide(wish, all, before.consents, before.objects);
    const { source, ip, userAgent } = voice;
    const told = said.map(({ of, action }) => ({
      channel: of.channel,
      purpose: of.purpose,
      ...(of.brand !== undefined && { brand: of.brand }),
      action,
      at: null,
      legalBasis: action === 'granted' ? ('consent' as const) : null,
      source,
      ...voice.words(of),
      ip,
      userAgent,
    }));
    // A yes that must be confirmed from the mailbox is one to be confirmed here as well (rule C4).
    const person = await addresseeOf(sql, contactId);
    const no = wish.stop ? all : said.filter(({ action }) => action === 'withdrawn').map(({ of }) => of);
    if (no.length > 0) await holdAddressesOf(sql, contactId);
    const appended = await appendToLedgers(
      sql,
      [{ contactId, told, become: (entry, states) => asConfirmable(entry, states, rule, person, now) }],
      now,
    );
    const others = await withdrawAtAddresses(
      sql,
      contactId,
      no.map((of) => ({ contactId, ...of, at: Math.max(now, ...appended.map(({ at }) => at)) })),
    );
    if (objection !== null) await recordObjection(sql, contactId, objection, this.sequence.next(), now);
    const own = changed(wish.own, before);
    if (Object.keys(own).length > 0) await sql.run(writeOwnChoice, [laneOf(contactId), contactId, JSON.stringify(own)]);
    const kinds = [
      ...(told.length > 0 ? ['consent' as const] : []),
      ...(Object.keys(own).length > 0 ? ['preferences' as const] : []),
    ];
    await insertInbox(
      sql,
      [
        ...kinds.map((kind) => ({ contactId, kind })),
        ...others.map((other) => ({ contactId: other, kind: 'consent' as const })),
      ].map((item) => ({ ...item, seq: this.sequence.next(), receivedAt: now, body: {} })),
    );
    if (voice.actor === undefined) return;
    const details = { consents: told.length, own: Object.keys(own), objection };
    const subject = await referenceOf(sql, contactId);
    await recordAudit(sql, { actor: voice.actor, action: 'contact.preferences', subject, details }, now);
  }
}

/** What is named and is another than before. */
function changed(own: Partial<OwnChoice>, { own: before, contact }: Standing): Partial<OwnChoice> {
  const was: OwnChoice = { ...before, language: contact.locale };
  return Object.fromEntries(Object.entries(own).filter(([key, value]) => value !== was[key as keyof OwnChoice]));
}

/** What was withdrawn at the person's mailbox or number stands as withdrawn, through whichever contact it was (rule C5a). */
function closedAtAddress(consents: readonly ConsentState[], suppressions: readonly Suppression[]): ConsentState[] {
  return consents.map((state) => {
    const closed = suppressions.find((one) => closesPurpose(one, state));
    return closed === undefined ? state : { ...state, state: 'withdrawn', at: closed.at, legalBasis: null };
  });
}

async function standingOf(sql: Sql, contactId: Id): Promise<Standing | null> {
  const keys = [[laneOf(contactId)], [contactId]];
  const [row] = await sql.run(loadContacts, keys);
  if (row === undefined) return null;
  const { maxPerWeek, pauseUntil, ...contact } = row;
  const suppressions = await sql.run(loadSuppressions, keys);
  return {
    contact,
    own: { maxPerWeek, pauseUntil },
    consents: closedAtAddress(await sql.run(loadConsents, keys), suppressions),
    objects: suppressions.some(({ reason }) => reason === OBJECTION),
  };
}
