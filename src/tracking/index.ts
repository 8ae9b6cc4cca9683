export { trackedEvent } from './tracked-event.ts';
export { TrackingApiModule } from './tracking.module.ts';
export { saidEvent, textEventName } from './returns/inbound/inbound-event.ts';
export { consentsOf } from './returns/inbound/opt-out.ts';
export { ReturnsModule } from './returns/returns.module.ts';
