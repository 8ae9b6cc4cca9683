import { Problem } from '../http/index.ts';
import { UserError } from '../shared/errors.ts';
import { UnknownAccount } from './accounts.store.ts';
import { UnknownKey } from './keys.store.ts';

/** What accounts and keys refuse, as a client is told: what is not there is 404, what cannot be now is 409. */
export async function asProblem<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnknownAccount || error instanceof UnknownKey)
      throw new Problem(404, 'not-found', error.message);
    if (error instanceof UserError) throw new Problem(409, 'conflict', error.message);
    throw error;
  }
}
