export { TrackingApiModule } from './tracking.module.ts';
