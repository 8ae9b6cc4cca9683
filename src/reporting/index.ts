export { ReportingApiModule } from './reporting.module.ts';
export { resultsJson, runJson } from './frequency-test/frequency-test-json.ts';
export { resultsText, runsText } from './frequency-test/frequency-test-text.ts';
export { frequencyTestResults, frequencyTests } from './frequency-test/frequency-tests.store.ts';
