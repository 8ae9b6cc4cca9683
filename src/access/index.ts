export { AccessModule, AuditApiModule } from './access.module.ts';
export { FailureThrottle } from './throttle.ts';
export { recordAudit, type AuditEntry } from './audit.store.ts';
