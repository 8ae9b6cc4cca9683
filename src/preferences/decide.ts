import type { ConsentAction, ConsentState } from '../consent/index.ts';
import type { OwnChoice } from '../contacts/index.ts';
import { isOn, stateOf, type Choosable } from './offer.ts';

/** What a person wants from now on. */
export interface Wish {
  /** Yes or no to what was offered. */
  consents: readonly { of: Choosable; on: boolean }[];
  /** What is not named stays. */
  own: Partial<OwnChoice>;
  /** No direct marketing at all any more. */
  stop: boolean;
}

/** What a wish comes to: words for the ledger, and whether the objection begins or ends. */
export interface Decided {
  said: { of: Choosable; action: Extract<ConsentAction, 'granted' | 'withdrawn'> }[];
  objection: 'objects' | 'takes-back' | null;
}

/**
 * What must be written down for a wish, given what stands (docs/decisions/0022). What is as it was writes nothing: a box
 * that nobody has ever touched is no word of anybody's. Stopping withdraws all there is and objects. A yes of somebody who
 * objects ends the objection, and so that it opens nothing but what was said yes to, all else is withdrawn with it.
 * @param all everything that can be chosen, of every brand
 */
export function decide(
  wish: Pick<Wish, 'consents' | 'stop'>,
  all: readonly Choosable[],
  states: readonly ConsentState[],
  objects: boolean,
): Decided {
  const no = (of: Choosable): boolean => ['withdrawn', 'refused'].includes(stateOf(of, states));
  const withdrawn = (of: Choosable): Decided['said'][number] => ({ of, action: 'withdrawn' });
  if (wish.stop) return { said: all.filter((of) => !no(of)).map(withdrawn), objection: objects ? null : 'objects' };
  const yes = wish.consents.filter(({ on }) => on).map(({ of }) => of);
  if (objects) {
    if (yes.length === 0) return { said: [], objection: null };
    const others = all.filter((of) => !no(of) && !yes.some((one) => same(one, of)));
    return {
      said: [...yes.map((of) => ({ of, action: 'granted' as const })), ...others.map(withdrawn)],
      objection: 'takes-back',
    };
  }
  const changed = wish.consents.filter(({ of, on }) => on !== isOn(of, states));
  return { said: changed.map(({ of, on }) => ({ of, action: on ? 'granted' : 'withdrawn' })), objection: null };
}

const same = (a: Choosable, b: Choosable): boolean =>
  a.channel === b.channel && a.purpose === b.purpose && a.brand === b.brand;
