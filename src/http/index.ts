export {
  Access,
  ACCOUNT_ROLES,
  covers,
  CREDENTIAL,
  mayAs,
  RequiresCredential,
  SCOPES,
  type AccountNeed,
  type AccountRole,
  type Credential,
  type Scope,
} from './credential.ts';
export { HttpModule } from './http.module.ts';
export { createLog, LOG, type Log, NestLog } from './log.ts';
export { Metrics } from './metrics.ts';
export { findPort, listenError } from './port.ts';
export {
  invalidRequest,
  Problem,
  type ProblemBody,
  type ProblemOptions,
  tooManyRequests,
  unavailable,
} from './problem.ts';
export { allowOrigins } from './cors.ts';
export { configureServer, createAdapter, type TrustedProxies } from './server.ts';
