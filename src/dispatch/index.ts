export { DispatchModule, MessagesApiModule } from './dispatch.module.ts';
export { Dispatcher } from './dispatcher.service.ts';
export { Composer } from './composer.ts';
export { readTracking, type TrackingToken } from './tracking-token.ts';
