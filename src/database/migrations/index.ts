import { Schema1793491200000 } from './0001-schema.ts';
import { Audit1793491202000 } from './0002-audit.ts';

/** All migrations, oldest first. */
export const migrations = [Schema1793491200000, Audit1793491202000] as const;
