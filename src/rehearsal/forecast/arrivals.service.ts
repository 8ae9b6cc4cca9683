import type { Id } from '../../shared/ids.ts';
import type { KnownContact } from '../known-contact.store.ts';
import { comes, replayed, type Arrival, type Newcomer } from './arrivals.ts';
import type { LaneStore } from './lane.store.ts';
import { isMade } from './listening.ts';
import type { EventInput, ForecastPlan } from './plan.ts';
import { drawn, projected, type Projection } from './projected.ts';
import { membership } from './rates.service.ts';
import type { Theatre } from './stage.service.ts';

/** What one contact is heard of in the period, and who comes beside it. */
export interface Heard {
  arrivals: Arrival[];
  newcomers: Newcomer[];
}

type Replay = Extract<EventInput, { kind: 'replay' }>;

/** What contacts are heard of in the period: replayed, projected from rates, or nothing. */
export class ArrivalsService {
  private readonly projection: Projection | null;
  private readonly isIn: ((known: KnownContact) => boolean)[];

  constructor(
    private readonly store: LaneStore,
    private readonly plan: ForecastPlan,
    private readonly theatre: Theatre,
  ) {
    const { input, from } = plan;
    this.projection = input.kind === 'rates' ? { ...plan, ...input } : null;
    const { library } = theatre.stages[0]!;
    this.isIn = this.projection?.rates.events.map(({ audience }) => membership(audience, library, from)) ?? [];
  }

  /** Of a lane, those to whom anything may happen in the period; nothing does while processing is restricted. */
  async concernedOf(lane: number): Promise<Id[]> {
    const restricted = new Set(await this.store.restricted(lane));
    const ids = await this.movedIn(lane);
    return restricted.size === 0 ? ids : ids.filter((id) => !restricted.has(id));
  }

  private async movedIn(lane: number): Promise<Id[]> {
    const { store, plan, theatre, projection } = this;
    if (theatre.concernsEverybody) return store.everybody(lane);
    const byTime = await store.concerned(lane, plan.until);
    const more =
      plan.input.kind === 'replay'
        ? await store.heard(lane, plan.input.since, [...theatre.listening.names])
        : projection !== null
          ? (await store.everybody(lane)).filter((id) => drawn(id, projection).some((count) => count > 0))
          : [];
    return more.length === 0 ? byTime : [...new Set([...byTime, ...more])].sort();
  }

  /** One a contact, in the order in which it is said. */
  async of(known: readonly KnownContact[], ids: readonly Id[]): Promise<Heard[]> {
    const { input } = this.plan;
    if (input.kind === 'none') return known.map(() => ({ arrivals: [], newcomers: [] }));
    const each = input.kind === 'replay' ? await this.replay(known, ids, input) : this.project(known);
    if (this.theatre.listening.audiences)
      for (const { arrivals, newcomers } of each) arrivals.push(...newcomers.map(comes));
    return each;
  }

  private async replay(known: readonly KnownContact[], ids: readonly Id[], { since, weeks }: Replay): Promise<Heard[]> {
    const { store, plan, theatre } = this;
    const names = [...theatre.listening.names];
    const heard = names.length === 0 ? new Map<Id, never>() : await store.heardEvents(ids, since, names);
    const recent = known.filter(({ contact }) => contact.createdAt >= since).map(({ contact }) => contact.id);
    const ledgers = await store.ledgers(recent);
    const replay = { since, weeks, from: plan.from, until: plan.until, policyZone: plan.zone };
    return known.map(({ contact, consents }) => {
      const events = (heard.get(contact.id) ?? []).filter((event) => !isMade(event, theatre.listening));
      return replayed({ contact, events, said: ledgers.get(contact.id) ?? consents }, replay);
    });
  }

  private project(known: readonly KnownContact[]): Heard[] {
    return known.map((each) => projected(each.contact, this.projection!, (index) => this.isIn[index]!(each)));
  }
}
