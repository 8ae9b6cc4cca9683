export { junit } from './junit.ts';
export { isContactFile, rehearseRequest, type RehearsalRequest } from './rehearse.service.ts';
export { rehearsalJson } from './rehearsal-json.ts';
export { rehearsalText } from './rehearsal-text.ts';
export { rehearsalPage } from './report/page.ts';
export { testFileSchema } from './test-file.schema.ts';
export { runTests, type TestResult } from './test-run.service.ts';
export type { Rehearsal } from './timeline.ts';
