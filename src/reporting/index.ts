export { ReportingApiModule } from './reporting.module.ts';
