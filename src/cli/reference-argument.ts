import { InvalidArgumentError } from 'commander';
import { parseReference, type VersionReference } from '../scenarios/index.ts';
import { UserError } from '../shared/errors.ts';

/** Reads `welcome@3` where a command line must have one; anything else is wrong usage. */
export function referenceArgument(text: string): VersionReference {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof UserError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
