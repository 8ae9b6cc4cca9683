import type { Statement } from '../../database/index.ts';

/**
 * Keeps publications (which take the lock $1 alone) out until the tick is committed. A publication has every contact's
 * watch of a changed scenario looked at; a tick that ran by the library before it could put such a watch to sleep, or
 * create a contact without one.
 */
export const shareLibrary: Statement = {
  name: 'engine-share-library',
  text: 'SELECT pg_advisory_xact_lock_shared($1)',
};
