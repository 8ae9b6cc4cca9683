import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiResponse, ApiSecurity } from '@nestjs/swagger';

/** What accounts may do, the least first; each may all that those before it may (rule S1). */
export const ACCOUNT_ROLES = ['viewer', 'author', 'approver', 'admin'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** What keys may do: `write` posts events; `read` reads the API under `/api`; `manage` reads and changes it. */
export const SCOPES = ['write', 'read', 'manage'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a route for people, scripts and machines asks for. */
export interface AccountNeed {
  /** The least role that may. */
  role: AccountRole;
  /** The scope of keys that may; null: no key may, whatever its scope. */
  scope: 'read' | 'manage' | null;
  /** It changes something. Undefined: as the method says (all but GET and HEAD do). */
  changes?: boolean;
  /** A page: a browser that is not signed in is led to the sign-in, and a link of another site may lead to it. */
  page: boolean;
}

/**
 * What a route asks for (rule S1): an account or a key of the API; `write-key`, a key of the events API; `none`: a public
 * link, health or a sign-in.
 */
export type Credential = AccountNeed | 'write-key' | 'none';

/** Key of the metadata that `access` reads. */
export const CREDENTIAL = 'relance:credential';

/** A controller or route that needs no account. Without this and without `Access` on each route the service does not start. */
export const RequiresCredential = (credential: 'write-key' | 'none'): ClassDecorator & MethodDecorator =>
  SetMetadata(CREDENTIAL, credential);

export interface AccessOptions {
  /** False: people only, no keys. */
  machines?: boolean;
  /** True for a GET that writes something down. */
  changes?: boolean;
  page?: boolean;
}

/**
 * A route for whoever has this role or a higher one, and for keys: of the scope `read` where viewers may, else `manage`.
 * It stands at each route and not at a controller, so that a route that is added gets its own. The API's description tells it.
 */
export function Access(role: AccountRole, options: AccessOptions = {}): MethodDecorator {
  const { machines = true, changes, page = false } = options;
  const scope = !machines ? null : role === 'viewer' ? 'read' : 'manage';
  const need: AccountNeed = { role, scope, changes, page };
  return applyDecorators(
    SetMetadata(CREDENTIAL, need),
    ApiSecurity('session', [role]),
    ...(scope === null ? [] : [ApiSecurity('key', [scope])]),
    ApiSecurity('account', [role]),
    ApiExtension('x-role', role),
    ...(scope === null ? [] : [ApiExtension('x-scope', scope)]),
    ApiResponse({ status: 401, description: 'No credential, or none that is good' }),
    ApiResponse({ status: 403, description: `It needs the role ${role}, or the request came from another site` }),
  );
}

/** Whether a role may what another one may at least. */
export const mayAs = (role: AccountRole, least: AccountRole): boolean =>
  ACCOUNT_ROLES.indexOf(role) >= ACCOUNT_ROLES.indexOf(least);

/** Whether a key's scope covers what a route asks of keys. */
export const covers = (scope: Scope, needed: AccountNeed['scope']): boolean =>
  needed !== null && (scope === needed || (scope === 'manage' && needed === 'read'));
