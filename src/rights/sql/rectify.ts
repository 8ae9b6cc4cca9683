import type { Statement } from '../../database/index.ts';

/** A row when contact $2 of lane $1 is known. */
export const contactIsKnown: Statement = {
  name: 'rights-contact-is-known',
  text: 'SELECT true AS known FROM contact WHERE lane = $1 AND id = $2',
};
