export { AccessApiModule, AccessModule } from './access.module.ts';
export { accounts, type AccountRecord } from './accounts.store.ts';
export { recordAudit, type AuditEntry } from './audit.store.ts';
export { AccessDesk } from './desk.service.ts';
export { keys, type KeyRecord } from './keys.store.ts';
export { Limits, type Limit } from './limits.service.ts';
export { placeOf } from './place.ts';
export { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password.ts';
