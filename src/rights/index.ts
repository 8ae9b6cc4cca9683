export { eraseContact, previewErasure, type ErasureReport } from './erasure/erasure.store.ts';
export { processingCsv } from './processing/processing-csv.ts';
export { processingRegister } from './processing/processing.ts';
export { requestJson } from './requests/requests.controller.ts';
export { requestsOf } from './requests/requests.store.ts';
export { RightsApiModule, RightsModule } from './rights.module.ts';
export { exportForRequest, restrictForRequest } from './rights.service.ts';
