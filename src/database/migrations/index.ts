import { Schema1793491200000 } from './0001-schema.ts';

/** All migrations, oldest first. */
export const migrations = [Schema1793491200000] as const;
