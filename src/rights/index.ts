export { eraseContact, previewErasure, type ErasureReport } from './erasure/erasure.store.ts';
export { processingCsv } from './processing/processing-csv.ts';
export { controllerOf, processingRegister } from './processing/processing.ts';
export { describeRecipient, providersOf, type Recipient } from './recipients/recipients.ts';
export { requestJson } from './requests/requests.controller.ts';
export { endRequest, prolongRequest, registerRequest, requestsOf } from './requests/requests.store.ts';
export {
  ENDINGS,
  EXTENSIONS,
  isRequestId,
  REQUEST_KINDS,
  stageOf,
  type Ending,
  type Extension,
  type RequestKind,
  type RightsRequest,
} from './requests/request.ts';
export { RightsApiModule, RightsModule } from './rights.module.ts';
export { exportForRequest, restrictForRequest } from './rights.service.ts';
export { previewJson } from './retention/retention.controller.ts';
export { cutsOf } from './retention/retention.ts';
export { previewRetention, type RetentionPreview } from './retention/retention.store.ts';
export { beginRetention, runRetention } from './retention/run.store.ts';
