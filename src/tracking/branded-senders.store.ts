import { textArray } from '../database/index.ts';
import type { LibraryService } from '../scenarios/index.ts';
import { NothingPublished } from '../shared/errors.ts';

/** Senders that have a brand, and their brands: two arrays in parallel, as statements take them. */
export type BrandedSenders = readonly [senders: unknown, brands: unknown];

/** Those of the policy in force; none as long as there is none. */
export async function brandedSenders(library: Pick<LibraryService, 'current'>): Promise<BrandedSenders> {
  try {
    const { brandOf } = (await library.current()).policy.compiled;
    return [textArray([...brandOf.keys()]), textArray([...brandOf.values()])];
  } catch (error) {
    if (!(error instanceof NothingPublished)) throw error;
    return [textArray([]), textArray([])];
  }
}
