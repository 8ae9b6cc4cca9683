import { recordAudit } from '../../access/index.ts';
import type { Database, Sql } from '../../database/index.ts';
import type { BreakerPolicy } from '../../gate/index.ts';
import type { Library } from '../../scenarios/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { LANES } from '../../shared/ids.ts';
import { closedBreaker, decide, lifted, rateOf, type Breaker, type Deliveries } from './breaker.ts';
import { sendersOf } from './sending-domain.ts';
import { forgetCounts, lockBreakers, watchedDomains, writeBreaker } from './sql/breakers.ts';
import { releaseStopped } from './sql/stopped-messages.ts';

const HOUR = 3_600_000;
const ALL_LANES = Array.from({ length: LANES }, (_, lane) => lane);

/** A breaker with what was counted in its window. */
export interface WatchedDomain {
  breaker: Breaker;
  deliveries: Deliveries;
}

const ACTIONS = { closed: 'breaker.close', warned: 'breaker.warn', stopped: 'breaker.stop' } as const;

/** Watches over the sending domains, and stops marketing from those that mailbox providers would soon refuse (law L19). */
export class Breakers {
  private readonly database: Database;
  private readonly library: () => Promise<Library>;

  constructor(database: Database, library: () => Promise<Library>) {
    this.database = database;
    this.library = library;
  }

  /** Every domain that has sent of late or has a state. */
  async list(now: Instant): Promise<WatchedDomain[]> {
    return watched(this.database, await this.policy(), now);
  }

  /** Looks at every domain, writes down what changes, with its audit, and returns it. Any number of processes may. */
  async evaluate(now: Instant): Promise<WatchedDomain[]> {
    const library = await this.library();
    const policy = library.policy.compiled.breakers;
    return this.database.transaction(async (sql) => {
      await sql.run(lockBreakers);
      const changed: WatchedDomain[] = [];
      for (const { breaker, deliveries } of await watched(sql, policy, now)) {
        const after = decide(breaker, deliveries, policy, now);
        if (after === breaker) continue;
        await write(sql, after);
        const action = breaker.state === 'stopped' ? 'breaker.lift' : ACTIONS[after.state];
        await recordAudit(
          sql,
          { actor: 'system:breaker', action, subject: after.domain, details: detailsOf(after, deliveries) },
          now,
        );
        if (breaker.state === 'stopped') await release(sql, library, after.domain, now);
        changed.push({ breaker: after, deliveries });
      }
      await sql.run(forgetCounts, [now - policy.window - HOUR]);
      return changed;
    });
  }

  /** Lets marketing leave again, on a person's word. False when the domain is not stopped. */
  async lift(domain: string, actor: string, now: Instant): Promise<boolean> {
    const library = await this.library();
    return this.database.transaction(async (sql) => {
      await sql.run(lockBreakers);
      const found = (await watched(sql, library.policy.compiled.breakers, now)).find(
        ({ breaker }) => breaker.domain.toLowerCase() === domain.toLowerCase(),
      );
      if (found?.breaker.state !== 'stopped') return false;
      await write(sql, lifted(found.breaker, now));
      const details = detailsOf(found.breaker, found.deliveries);
      await recordAudit(sql, { actor, action: 'breaker.lift', subject: found.breaker.domain, details }, now);
      await release(sql, library, found.breaker.domain, now);
      return true;
    });
  }

  private async policy(): Promise<BreakerPolicy> {
    return (await this.library()).policy.compiled.breakers;
  }
}

async function watched(sql: Sql, policy: BreakerPolicy, now: Instant): Promise<WatchedDomain[]> {
  // The hour in which the window begins counts as a whole.
  const rows = await sql.run(watchedDomains, [now - policy.window - HOUR]);
  return rows.map(({ domain, handed, failed, bounced, complained, state, cause, rate, since, countedFrom }) => ({
    deliveries: { handed, failed, bounced, complained },
    breaker:
      state === null ? closedBreaker(domain, now) : { domain, state, cause, rate, since: since ?? now, countedFrom },
  }));
}

async function write(sql: Sql, { domain, state, cause, rate, since, countedFrom }: Breaker): Promise<void> {
  await sql.run(writeBreaker, [domain, state, cause, rate, since, countedFrom]);
}

async function release(sql: Sql, library: Library, domain: string, now: Instant): Promise<void> {
  await sql.run(releaseStopped, [ALL_LANES, sendersOf([domain], library.policy.policy), now]);
}

function detailsOf({ cause, rate }: Breaker, deliveries: Deliveries): Record<string, unknown> {
  return cause === null ? { ...deliveries } : { cause, rate: rate ?? rateOf(deliveries, cause), ...deliveries };
}
