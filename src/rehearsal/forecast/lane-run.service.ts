import { setImmediate } from 'node:timers/promises';
import type { Sql } from '../../database/index.ts';
import { ContactFault } from '../../engine/index.ts';
import { stableFraction } from '../../shared/hash.ts';
import { LANES, type Id } from '../../shared/ids.ts';
import { ArrivalsService } from './arrivals.service.ts';
import { companiesOf, without, type Member } from './company.ts';
import { countContact, type Counting } from './count-contact.ts';
import { LaneStore } from './lane.store.ts';
import type { ForecastPlan } from './plan.ts';
import { simulate } from './simulate.ts';
import { theatreOf, type Stage, type Theatre } from './stage.service.ts';
import {
  addBroken,
  addContact,
  addDifference,
  ContactCounts,
  emptyTally,
  type Difference,
  type Tally,
} from './tally.ts';

/** Contacts that are read at once. A thread has two such slices in memory: one is read while the other is played. */
const SLICE = 2_000;
/** Contacts that are simulated together: see companiesOf. */
const COMPANY = 250;

/** What came of some lanes, or of parts of them. Plain data. */
export interface Counted {
  /** One a variant. */
  tallies: Tally[];
  /** What the second variant changes; empty when there is one. */
  differences: Map<string, Difference>;
  lanes: LaneSize[];
  /** Events that were played. */
  events: number;
}

export interface LaneSize {
  lane: number;
  contacts: number;
  /** To whom anything may happen in the period. */
  concerned: number;
  /** Inside a scenario, and not concerned. */
  waiting: number;
  /** Of those concerned, drawn to be simulated: all of them without a sample. */
  chosen: number;
  /** Of those chosen, simulated. */
  observed: number;
}

/** Told and asked between slices. */
export interface Hooks {
  /** Share of all lanes that is done since the last call. */
  progress(share: number): void;
  isStopped(): boolean;
}

/** Forecasts lane by lane, in slices, through one connection; of a slice nothing is kept but its counts. */
export class LaneRun {
  readonly counted: Counted;
  private readonly store: LaneStore;
  private readonly theatre: Theatre;
  private readonly arrivals: ArrivalsService;

  constructor(
    sql: Sql,
    private readonly plan: ForecastPlan,
    private readonly hooks: Hooks,
  ) {
    this.store = new LaneStore(sql);
    this.theatre = theatreOf(plan, sql);
    this.arrivals = new ArrivalsService(this.store, plan, this.theatre);
    this.counted = { tallies: plan.variants.map(emptyTally), differences: new Map(), lanes: [], events: 0 };
  }

  /** Forecasts a lane, or what there is time for. */
  async take(lane: number): Promise<void> {
    const { store, hooks, plan } = this;
    const concerned = await this.arrivals.concernedOf(lane);
    const chosen = this.sampled(concerned);
    const waiting = await store.waiting(lane, plan.only, plan.until);
    const isConcerned = new Set(concerned);
    const size: LaneSize = {
      lane,
      contacts: await store.countContacts([lane]),
      concerned: concerned.length,
      waiting: waiting.filter((id) => !isConcerned.has(id)).length,
      chosen: chosen.length,
      observed: 0,
    };
    this.counted.lanes.push(size);
    let next = this.membersOf(chosen.slice(0, SLICE));
    for (let first = 0; first < chosen.length && !hooks.isStopped(); first += SLICE) {
      const members = await next;
      next = this.membersOf(chosen.slice(first + SLICE, first + 2 * SLICE));
      // Awaited in its turn, unless what is played first fails.
      next.catch(() => {});
      const count = Math.min(SLICE, chosen.length - first);
      await this.takeSlice(members);
      size.observed += count;
      hooks.progress(count / chosen.length / LANES);
    }
    await next;
    if (chosen.length === 0) hooks.progress(1 / LANES);
  }

  private sampled(ids: readonly Id[]): readonly Id[] {
    const { sample, seed } = this.plan;
    return sample === null ? ids : ids.filter((id) => stableFraction('forecast', seed, id) < sample.share);
  }

  private async takeSlice(members: readonly Member[]): Promise<void> {
    for (const company of companiesOf(members, COMPANY)) {
      this.counted.events += company.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
      const played: Map<Id, ContactCounts>[] = [];
      for (const [index, stage] of this.theatre.stages.entries())
        played.push(await this.play(stage, company, this.counted.tallies[index]!));
      const [before, after] = played;
      if (after !== undefined) this.compare(company, before!, after);
      // What the database has answered meanwhile is read, and the next statement sent.
      await setImmediate();
    }
  }

  /** With what they do; those that are gone are left out. */
  private async membersOf(ids: readonly Id[]): Promise<Member[]> {
    if (ids.length === 0) return [];
    const { store, theatre } = this;
    const known = await store.known(ids, theatre.wanted);
    const waiting = await store.waitingItems(ids);
    const heard = await this.arrivals.of(known, ids);
    const members = known.map((each, index): Member => {
      const { id } = each.contact;
      const waits = waiting.get(id) ?? [];
      waiting.delete(id);
      return { id, known: each, waiting: waits, ...heard[index]! };
    });
    for (const [id, waits] of waiting) members.push({ id, known: null, newcomers: [], waiting: waits, arrivals: [] });
    return members;
  }

  /** Whoever defeats the engine is left out and told of; live, its lane would wait for somebody to look. */
  private async play(stage: Stage, company: readonly Member[], tally: Tally): Promise<Map<Id, ContactCounts>> {
    for (let left = company; ;) {
      try {
        const played = await this.playCompany(stage, left);
        for (const counts of played.values()) addContact(tally, counts);
        return played;
      } catch (error) {
        if (!(error instanceof ContactFault)) throw error;
        addBroken(tally, error.contactId);
        left = without(left, error.contactId);
      }
    }
  }

  /** Whoever was left out gets nothing. */
  private compare(
    company: readonly Member[],
    before: ReadonlyMap<Id, ContactCounts>,
    after: ReadonlyMap<Id, ContactCounts>,
  ): void {
    const nothing = new ContactCounts();
    for (const { id } of company)
      addDifference(this.counted.differences, before.get(id) ?? nothing, after.get(id) ?? nothing);
  }

  /** What each member adds, with those who are counted with it. */
  private async playCompany(
    { variant, library, handOver }: Stage,
    company: readonly Member[],
  ): Promise<Map<Id, ContactCounts>> {
    const { plan } = this;
    const parts = new Map<Id, number>();
    const { of, heldBefore } = await simulate(company, {
      library,
      watches: variant.next.watches,
      quiet: this.theatre.listening.quiet,
      handOver: handOver(parts),
      from: plan.from,
      until: plan.until,
    });
    const counting: Counting = {
      policy: library.policy,
      from: plan.from,
      until: plan.until,
      zone: plan.zone,
      only: plan.only === null ? null : new Set(plan.only),
      heldBefore,
      parts,
    };
    const played = new Map<Id, ContactCounts>();
    for (const { id, known, newcomers } of company) {
      const counts = new ContactCounts();
      countContact(counts, of(id), known === null ? 'newcomer' : 'known', counting);
      for (const { contact } of newcomers) countContact(counts, of(contact.id), 'newcomer', counting);
      played.set(id, counts);
    }
    return played;
  }
}
