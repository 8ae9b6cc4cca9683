export { BreakersApiModule, DispatchModule, WebviewModule } from './dispatch.module.ts';
export { Dispatcher } from './dispatcher.service.ts';
export { Composer } from './composer.ts';
export { readTracking, type TrackingToken } from './tracking-token.ts';
export { Breakers, type WatchedDomain } from './breakers/breakers.service.ts';
export { countDeliveries } from './breakers/delivery-count.store.ts';
export { sendingDomain } from './breakers/sending-domain.ts';
export { PAUSE } from './outcome.ts';
export { pauseChannel } from './pause.store.ts';
