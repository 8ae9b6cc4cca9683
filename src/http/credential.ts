import { SetMetadata } from '@nestjs/common';

/**
 * What a route asks for (rule S1): `account` is HTTP Basic with an account, `write-key` the key of the events API,
 * `none` a public link, health or a sign-in.
 */
export type Credential = 'account' | 'write-key' | 'none';

/** Key of the metadata that `access` reads. */
export const CREDENTIAL = 'relance:credential';

/** What this controller or route asks for; without it, an account. */
export const RequiresCredential = (credential: Credential): ClassDecorator & MethodDecorator =>
  SetMetadata(CREDENTIAL, credential);
