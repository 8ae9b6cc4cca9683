export { trackedEvent } from './tracked-event.ts';
export { TrackingApiModule } from './tracking.module.ts';
export { ReturnsModule } from './returns/returns.module.ts';
