export { AccessModule, AuditApiModule } from './access.module.ts';
export { recordAudit, type AuditEntry } from './audit.store.ts';
