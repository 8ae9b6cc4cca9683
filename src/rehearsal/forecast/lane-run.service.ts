import type { Sql } from '../../database/index.ts';
import { ContactFault, type InboxItem } from '../../engine/index.ts';
import { stableFraction } from '../../shared/hash.ts';
import { LANES, type Id } from '../../shared/ids.ts';
import type { KnownContact } from '../known-contact.store.ts';
import { ArrivalsService, type Heard } from './arrivals.service.ts';
import { inOrder } from './arrivals.ts';
import { countContact, type Counting } from './count-contact.ts';
import { LaneStore } from './lane.store.ts';
import type { ForecastPlan } from './plan.ts';
import { simulate } from './simulate.ts';
import { theatreOf, type Stage, type Theatre } from './stage.service.ts';
import { addBroken, addContact, ContactCounts, emptyTally, mergeTally, type Tally } from './tally.ts';

/** Contacts that are in memory at once, times the number of threads. */
const SLICE = 2_000;

/** What came of some lanes, or of parts of them. Plain data. */
export interface Counted {
  /** One a variant. */
  tallies: Tally[];
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
    this.counted = { tallies: plan.variants.map(emptyTally), lanes: [], events: 0 };
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
    for (let first = 0; first < chosen.length && !hooks.isStopped(); first += SLICE) {
      const ids = chosen.slice(first, first + SLICE);
      size.observed += await this.takeSlice(ids);
      hooks.progress(ids.length / chosen.length / LANES);
    }
    if (chosen.length === 0) hooks.progress(1 / LANES);
  }

  private sampled(ids: readonly Id[]): readonly Id[] {
    const { sample, seed } = this.plan;
    return sample === null ? ids : ids.filter((id) => stableFraction('forecast', seed, id) < sample.share);
  }

  /** Returns how many contacts it was. */
  private async takeSlice(ids: readonly Id[]): Promise<number> {
    const cast = await this.castOf(ids);
    this.counted.events += cast.arrivals.length;
    for (const [index, stage] of this.theatre.stages.entries())
      mergeTally(this.counted.tallies[index]!, await this.play(stage, cast));
    return ids.length;
  }

  private async castOf(ids: readonly Id[]): Promise<Cast> {
    const { store, theatre } = this;
    const known = await store.known(ids, theatre.wanted);
    const waiting = await store.waitingItems(ids);
    const isKnown = new Set(known.map(({ contact }) => contact.id));
    const strangers = [...new Set(waiting.flatMap(({ contactId }) => (isKnown.has(contactId) ? [] : [contactId])))];
    const heard = await this.arrivals.of(known, ids);
    inOrder(heard.arrivals);
    return { known, waiting, strangers, ...heard };
  }

  /** Whoever defeats the engine is left out and told of; live, its lane would wait for somebody to look. */
  private async play(stage: Stage, cast: Cast): Promise<Tally> {
    const tally = emptyTally();
    for (let left = cast; ;) {
      try {
        mergeTally(tally, await this.playSlice(stage, left));
        return tally;
      } catch (error) {
        if (!(error instanceof ContactFault)) throw error;
        addBroken(tally, error.contactId);
        left = without(left, error.contactId);
      }
    }
  }

  private async playSlice({ variant, library, handOver }: Stage, cast: Cast): Promise<Tally> {
    const { plan } = this;
    const parts = new Map<Id, number>();
    const { of, heldBefore } = await simulate(cast, {
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
    const tally = emptyTally();
    for (const { contact } of cast.known) {
      const counts = new ContactCounts();
      countContact(counts, of(contact.id), 'known', counting);
      for (const id of cast.newcomersOf.get(contact.id) ?? []) countContact(counts, of(id), 'newcomer', counting);
      addContact(tally, counts);
    }
    for (const id of cast.strangers) {
      const counts = new ContactCounts();
      countContact(counts, of(id), 'newcomer', counting);
      addContact(tally, counts);
    }
    return tally;
  }
}

/** A slice of contacts with what they will do. */
interface Cast extends Heard {
  known: KnownContact[];
  waiting: InboxItem[];
  /** Nothing is known of them but what waits. */
  strangers: Id[];
}

function without(cast: Cast, contactId: Id): Cast {
  const origin = [...cast.newcomersOf].find(([, copies]) => copies.includes(contactId))?.[0] ?? contactId;
  const gone = new Set([origin, ...(cast.newcomersOf.get(origin) ?? [])]);
  return {
    ...cast,
    waiting: cast.waiting.filter(({ contactId: id }) => !gone.has(id)),
    strangers: cast.strangers.filter((id) => !gone.has(id)),
    known: cast.known.filter(({ contact }) => !gone.has(contact.id)),
    newcomers: cast.newcomers.filter(({ contact }) => !gone.has(contact.id)),
    arrivals: cast.arrivals.filter((arrival) => !gone.has(arrival.contactId)),
  };
}
